import type { RunCell } from "../document/run.ts";
import { storedDigits } from "./stored-digits.ts";

/** Digits of what nobody compares from run to run: what a GPU's tool tells is good to a per cent. */
const DIGITS_BESIDE = 4;

/** A cell as the run document keeps it: numbers in the digits that they are worth, parameters as they were given. */
export function storedCell({ params, ...cell }: RunCell): RunCell {
  if (cell.status !== "ok") return { ...storedDigits(cell), params };
  const { telemetry, health, ...compared } = cell;
  const beside = storedDigits({ telemetry, health }, DIGITS_BESIDE);
  return {
    ...storedDigits(compared),
    ...(health === undefined ? {} : { health: beside.health }),
    ...(telemetry === undefined ? {} : { telemetry: beside.telemetry }),
    params,
  };
}
