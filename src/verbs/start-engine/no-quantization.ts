import type { Reporter } from "../../tools.ts";

const FLAG = /^(--quantization|-q)$/;
const NONE = /^(off|none)$/i;

interface Given {
  flag: string;
  value: string | undefined;
  /** Places among the arguments. */
  from: number;
  to: number;
}

/**
 * Inputs whose engine arguments leave `--quantization off` and `none` out, for an engine takes either for the name of a
 * method. Of several the last one counts, as for the engine.
 */
export function withoutNoQuantization<I extends { engineArgs: string[] }>(
  inputs: I,
  report: Pick<Reporter, "info">,
): I {
  const given = quantizations(inputs.engineArgs);
  const isNone = ({ value = "" }: Given) => NONE.test(value);
  const dropped = given.length > 0 && isNone(given.at(-1)!) ? given : given.filter(isNone);
  if (dropped.length === 0) return inputs;
  const { flag, value } = dropped.at(-1)!;
  report.info(`${flag} ${value} means none and is left out of the engine's arguments`);
  const isDropped = (place: number) => dropped.some(({ from, to }) => place >= from && place <= to);
  return { ...inputs, engineArgs: inputs.engineArgs.filter((_, place) => !isDropped(place)) };
}

function quantizations(args: readonly string[]): Given[] {
  return args.flatMap((argument, from) => {
    const [flag = "", inline] = argument.split(/=(.*)/s);
    if (!FLAG.test(flag)) return [];
    return inline === undefined
      ? [{ flag, value: args[from + 1], from, to: from + 1 }]
      : [{ flag, value: inline, from, to: from }];
  });
}
