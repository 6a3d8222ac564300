import type { Run } from "../document/run.ts";

/**
 * Value of an engine argument in any spelling vLLM takes: `--flag value`, `--flag=value`, `-f value`, `--flag_name`. Of
 * several the last one counts, as for vLLM.
 */
export function argumentValue(args: readonly string[], ...names: string[]): string | undefined {
  for (const [index, arg] of [...args.entries()].toReversed()) {
    const [name, inline] = arg.split(/=(.*)/s);
    if (names.includes(name!.startsWith("--") ? name!.replaceAll("_", "-") : name!)) return inline ?? args[index + 1];
  }
  return undefined;
}

/** What the engine arguments say about the model; facts that are not there stay null. */
export function modelFacts(name: string, args: readonly string[], dtype: string | null): Run["model"] {
  const tensorParallel = Number(argumentValue(args, "--tensor-parallel-size", "-tp") ?? 1);
  return {
    name,
    revision: argumentValue(args, "--revision") ?? null,
    dtype: dtype ?? argumentValue(args, "--dtype") ?? null,
    quantization: argumentValue(args, "--quantization", "-q") ?? null,
    tensorParallel: Number.isInteger(tensorParallel) && tensorParallel > 0 ? tensorParallel : 1,
  };
}
