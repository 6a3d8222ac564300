import { UsageError } from "../../errors.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import type { RunInputs } from "../run/inputs.ts";
import { planRun } from "../run/measure.ts";
import { loadOf } from "./cell-load.ts";

/** A cell as it was measured, or is planned. */
type Asked = Pick<CellPlan, "id" | "params"> & { benchmark: string };

const MOST_NAMED = 10;

/**
 * Inputs that measure this cell of the planned ones and no other: the rest would only take the machine's time.
 * @throws UsageError when the inputs do not plan such a cell
 */
export async function onlyCell(inputs: RunInputs, id: string): Promise<RunInputs> {
  const { cells } = await planRun(inputs);
  const cell = cells.find((one) => one.id === id);
  if (cell !== undefined) return await measuringJust(cell, inputs);
  const ids = cells.map((one) => one.id);
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : "";
  throw new UsageError(
    `--cell ${id} is not what would be measured: give the flags that \`run\` measured it with (--benchmarks, --batch-sizes, ` +
      `--pairs and so on). Those given plan ${ids.slice(0, MOST_NAMED).join(", ")}${more}`,
  );
}

/**
 * Inputs that measure a cell again, with the very parameters that it has.
 * @throws UsageError naming those that the inputs cannot give it
 */
export async function measuringJust(cell: Asked, inputs: RunInputs): Promise<RunInputs> {
  const own = { ...inputs, ...loadOf(cell.benchmark, cell.params) };
  const { cells } = await planRun(own);
  const planned = cells.find(({ id }) => id === cell.id);
  const differing = planned === undefined ? [] : differencesOf(cell.params, planned.params);
  if (planned !== undefined && cells.length === 1 && differing.length === 0) return own;
  const why = planned === undefined ? `they plan ${cells.map(({ id }) => id).join(", ")}` : differing.join("; ");
  throw new UsageError(`${cell.id} cannot be measured again from its parameters alone: ${why}. Give the flags that do`);
}

/** What a server takes is asked before it is measured. */
const OF_SERVER = new Set(["prompts", "lengths"]);

function differencesOf(asked: CellParams, planned: CellParams): string[] {
  const names = [...new Set([...Object.keys(asked), ...Object.keys(planned)])];
  const differing = names.filter((name) => !OF_SERVER.has(name) && asked[name] !== planned[name]);
  return differing.map(
    (name) => `${name} was ${asked[name] ?? "not there"} and would be ${planned[name] ?? "left out"}`,
  );
}
