import { Command, InvalidArgumentError, Option } from "commander";
import { messageOf } from "../errors.ts";
import { FAULT_FORMS, type Faults, parseFaults } from "./faults/faults.ts";
import { OUT_OF_MEMORY_KINDS, type OutOfMemoryKind } from "./start-failures.ts";
import { isPresetName, PRESET_NAMES, type PresetName } from "./timing/presets.ts";

/** A flag that was not given is absent where it has no default. */
export interface SimulatorOptions {
  host: string;
  port: number;
  model: string;
  preset: PresetName;
  /** File of coefficients that take the place of the preset's. */
  timing?: string;
  maxModelLen: number;
  maxNumSeqs: number;
  maxNumBatchedTokens: number;
  /** The preset's when not given. */
  kvCacheTokens?: number;
  enablePrefixCaching: boolean;
  noise: number;
  seed: number;
  fixedTtft?: number;
  fixedItl?: number;
  stagger: boolean;
  truth?: string;
  /** Whether answers of chat reason unless told not to. */
  reasoning: boolean;
  apiKey?: string;
  /** File of what some prompts are answered with. */
  answers?: string;
  neverHealthy: boolean;
  startDelay: number;
  compileCache: boolean;
  oomAtStart?: OutOfMemoryKind;
  crashAfterRequests?: number;
  failEvery?: number;
  fault: Faults[];
  faultEvery: number;
  faultFrom: number;
}

type Parsed = Omit<SimulatorOptions, "preset"> & Partial<Pick<SimulatorOptions, "preset">>;

/** @throws CommanderError after having said on stderr what is wrong, or on stdout what `--help` asked for */
export function parseOptions(args: readonly string[]): SimulatorOptions {
  const command = createCommand().parse([...args], { from: "user" });
  const parsed = command.opts<Parsed>();
  checkTogether(command, parsed);
  return { ...parsed, preset: parsed.preset ?? presetOfModel(command, parsed.model) };
}

function createCommand(): Command {
  const command = new Command("simulated engine")
    .description("An OpenAI-compatible server that computes nothing: it answers as fast as a timing model says.")
    .exitOverride()
    .allowExcessArguments(false);
  addServing(command);
  addTiming(command);
  addFailures(command);
  return command;
}

const count = number({ min: 1, whole: true });
const milliseconds = number({ min: 0 });

function addServing(command: Command): void {
  command
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "0 takes any free one", number({ min: 0, max: 65_535, whole: true }), 8000)
    .option("--model <name>", "name to serve; sim/NAME also chooses the preset NAME", notEmpty, "sim/h100-8b")
    .option("--max-model-len <tokens>", "longest prompt and answer together", count, 4096)
    .option("--max-num-seqs <n>", "sequences of one step at most", count, 256)
    .option("--max-num-batched-tokens <n>", "tokens of one step at most", count, 8192)
    .option("--kv-cache-tokens <n>", "tokens that the key-value cache holds (default: the preset's)", count)
    .addOption(new Option("--enable-prefix-caching", "find prefixes that were computed before").default(true))
    .option("--no-enable-prefix-caching", "compute every prompt whole")
    .option("--reasoning", "chat reasons unless a request says otherwise", false)
    .option("--api-key <key>", "what clients must show as a bearer token", notEmpty)
    .option("--answers <file>", "what some prompts are answered with, as JSON lines of contains and answer")
    .option("--truth <file>", "write what happened to each request, as JSON lines");
}

function addTiming(command: Command): void {
  command
    .option("--preset <name>", `timing: ${PRESET_NAMES.join(", ")}`, presetName)
    .option("--timing <file>", "timing: JSON of coefficients, as npm run fit-timing prints it")
    .option("--noise <fraction>", "relative standard deviation of a step's duration", number({ min: 0, max: 0.3 }), 0)
    .option("--seed <n>", "of the noise and of --stagger", number({ min: 0, whole: true }), 0)
    .option("--fixed-ttft <ms>", "no batching: the first token so long after a request", milliseconds)
    .option("--fixed-itl <ms>", "no batching: so long between two tokens", milliseconds)
    .option("--stagger", "no batching: shift each request by a random part of --fixed-itl", false);
}

function addFailures(command: Command): void {
  command
    .option("--never-healthy", "test aid: /health answers 503 for ever", false)
    .option(
      "--start-delay <seconds>",
      "test aid: take so long to start, and log phases as vLLM does",
      number({ min: 0 }),
      0,
    )
    .option("--compile-cache", "test aid: keep what a start compiled in VLLM_CACHE_ROOT, and spare it later", false)
    .addOption(
      new Option("--oom-at-start [what]", "test aid: run out of memory instead of starting, as vLLM does")
        .choices(OUT_OF_MEMORY_KINDS)
        .preset("kv-cache"),
    )
    .option("--crash-after-requests <n>", "test aid: die after as many completed requests", count)
    .option("--fail-every <n>", "test aid: every n-th request answers 500", count)
    .option("--fault <fault>", `test aid, can be repeated: ${FAULT_FORMS.join(", ")}`, collectFaults, [])
    .option("--fault-every <n>", "test aid: every n-th request has the faults", count, 1)
    .option("--fault-from <n>", "test aid: the first request that counts for them", count, 1);
}

function checkTogether(command: Command, options: Parsed): void {
  const { maxNumBatchedTokens, maxNumSeqs, fixedTtft, fixedItl, stagger } = options;
  if (maxNumBatchedTokens < maxNumSeqs) {
    command.error("error: --max-num-batched-tokens must be at least --max-num-seqs, or some sequences get no token");
  }
  if ((fixedTtft === undefined) !== (fixedItl === undefined)) {
    command.error("error: --fixed-ttft and --fixed-itl go together: give both, or neither to have batches");
  }
  if (stagger && fixedItl === undefined) {
    command.error("error: --stagger shifts requests by a part of --fixed-itl: give --fixed-ttft and --fixed-itl too");
  }
}

function number({ min, max = Number.MAX_SAFE_INTEGER, whole = false }: { min: number; max?: number; whole?: boolean }) {
  return (text: string): number => {
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
    if (whole && !Number.isInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
    if (value < min) throw new InvalidArgumentError(`It must be ${min} or more.`);
    if (value > max) throw new InvalidArgumentError(`It must be ${max} or less.`);
    return value;
  };
}

function collectFaults(text: string, before: Faults[]): Faults[] {
  try {
    return [...before, parseFaults(text)];
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function notEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

function presetName(text: string): PresetName {
  if (isPresetName(text)) return text;
  throw new InvalidArgumentError(`Known presets are ${PRESET_NAMES.join(", ")}.`);
}

function presetOfModel(command: Command, model: string): PresetName {
  if (!model.startsWith("sim/")) return "h100-8b";
  const name = model.slice("sim/".length);
  if (isPresetName(name)) return name;
  command.error(
    `error: ${model} names no known preset (${PRESET_NAMES.join(", ")}); choose one, or add --preset to keep the name`,
  );
}
