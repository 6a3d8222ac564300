import type { Run } from "../../result/document/run.ts";
import { argumentsChange, effectiveArguments } from "../../result/series/engine-arguments.ts";
import { gpuName } from "../../result/series/gpu-name.ts";
import { argumentValue } from "../../result/series/model-facts.ts";
import type { ArmRecord, Measured } from "./arm-record.ts";

/**
 * What was not equal in two arms beyond what they declare themselves; undefined where all was. Not only what was asked for
 * counts: engines answer with another length, type or way to take requests.
 */
export function differenceOf(base: ArmRecord, arm: ArmRecord): string | undefined {
  const [first] = base.measured;
  if (first === undefined) return undefined;
  const declared = [...base.arm.engineArgs, ...arm.arm.engineArgs];
  return (
    changeWithin(base) ??
    changeWithin(arm) ??
    arm.measured.map((one) => settingsChange(first, one, declared)).find((one) => one !== undefined)
  );
}

/** A tag that moved, a virtual environment that was renewed. The layer of a patch is built anew each time. */
function changeWithin({ arm, measured }: ArmRecord): string | undefined {
  if (arm.patch !== undefined) return undefined;
  for (const fact of ["version", "imageDigest"] as const) {
    const [one, other] = new Set(measured.map(({ run }) => run.engine[fact]));
    if (other !== undefined) return `${arm.name} was not the same build all along: ${fact} ${one}, then ${other}`;
  }
  return undefined;
}

function settingsChange(base: Measured, own: Measured, declared: readonly string[]): string | undefined {
  const facts = [factsOf(base, declared), factsOf(own, declared)] as const;
  const other = Object.keys(facts[0]).find((name) => facts[0][name] !== facts[1][name]);
  if (other !== undefined) return `${other}: ${facts[0][other] ?? "none"} → ${facts[1][other] ?? "none"}`;
  return argumentsBeyond(base.run, own.run, declared) ?? cellsChange(base.run, own.run);
}

function factsOf({ run, maxModelLen }: Measured, declared: readonly string[]): Record<string, unknown> {
  const { model, client } = run;
  const unless = (fact: unknown, ...flags: string[]) => (argumentValue(declared, ...flags) === undefined ? fact : null);
  return {
    model: model.name,
    revision: unless(model.revision, "--revision"),
    dtype: unless(model.dtype, "--dtype", "--quantization", "-q"),
    quantization: unless(model.quantization, "--quantization", "-q"),
    "tensor-parallel-size": unless(model.tensorParallel, "--tensor-parallel-size", "-tp"),
    "max-model-len": unless(maxModelLen, "--max-model-len"),
    GPU: gpuName(run),
    client: `${client.kind} ${client.version}`,
  };
}

/** Arguments that differ and are of no flag that either arm gives itself. */
function argumentsBeyond(base: Run, own: Run, declared: readonly string[]): string | undefined {
  const flags = new Set(declared.filter(isFlag).map(flagName));
  const shared = ({ engine }: Run) => effectiveArguments(without(engine.args, flags));
  return argumentsChange(shared(base), shared(own)) || undefined;
}

function without(args: readonly string[], flags: ReadonlySet<string>): string[] {
  let isDeclared = false;
  return args.filter((argument) => {
    if (isFlag(argument)) isDeclared = flags.has(flagName(argument));
    return !isDeclared;
  });
}

/** `-1` is a value. */
const isFlag = (argument: string) => /^-{1,2}[A-Za-z]/.test(argument);

/** `--no-X` is about the same as `--X`. */
const flagName = (argument: string) =>
  argument
    .split("=", 1)[0]!
    .replaceAll("_", "-")
    .replace(/^--no-/, "--");

function cellsChange(base: Run, own: Run): string | undefined {
  for (const cell of own.cells) {
    const same = base.cells.find(({ id }) => id === cell.id);
    if (same === undefined) return `only one was asked for ${cell.id}`;
    const names = new Set([...Object.keys(same.params), ...Object.keys(cell.params)]);
    const name = [...names].find((one) => same.params[one] !== cell.params[one]);
    if (name !== undefined) {
      return `${cell.id}: ${name} ${same.params[name] ?? "none"} → ${cell.params[name] ?? "none"}`;
    }
  }
  return undefined;
}
