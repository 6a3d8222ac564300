import { Command, InvalidArgumentError } from "commander";
import { isPresetName, PRESET_NAMES, type PresetName } from "./presets.ts";

export interface SimulatorOptions {
  host: string;
  port: number;
  model: string;
  preset: PresetName;
  maxModelLen: number;
  maxNumSeqs: number;
  maxNumBatchedTokens: number;
  noise: number;
  seed: number;
  neverHealthy: boolean;
  startDelay: number;
  crashAfterRequests: number | null;
  failEvery: number | null;
}

type Optional = "preset" | "crashAfterRequests" | "failEvery";
type Parsed = Omit<SimulatorOptions, Optional> & Partial<Pick<SimulatorOptions, Optional>>;

/** @throws CommanderError after having said on stderr what is wrong, or on stdout what `--help` asked for */
export function parseOptions(args: readonly string[]): SimulatorOptions {
  const command = createCommand().parse([...args], { from: "user" });
  const parsed = command.opts<Parsed>();
  if (parsed.maxNumBatchedTokens < parsed.maxNumSeqs) {
    command.error("error: --max-num-batched-tokens must be at least --max-num-seqs, or some sequences get no token");
  }
  return {
    ...parsed,
    preset: parsed.preset ?? presetOfModel(command, parsed.model),
    crashAfterRequests: parsed.crashAfterRequests ?? null,
    failEvery: parsed.failEvery ?? null,
  };
}

function createCommand(): Command {
  const count = number({ min: 1, whole: true });
  return new Command("simulated engine")
    .description("An OpenAI-compatible server that computes nothing: it answers as fast as a timing model says.")
    .exitOverride()
    .allowExcessArguments(false)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "0 takes any free one", number({ min: 0, max: 65_535, whole: true }), 8000)
    .option("--model <name>", "name to serve; sim/NAME also chooses the preset NAME", modelName, "sim/h100-8b")
    .option("--preset <name>", `timing: ${PRESET_NAMES.join(", ")}`, presetName)
    .option("--max-model-len <tokens>", "longest prompt and answer together", count, 4096)
    .option("--max-num-seqs <n>", "sequences of one step at most", count, 256)
    .option("--max-num-batched-tokens <n>", "tokens of one step at most", count, 8192)
    .option("--noise <fraction>", "relative standard deviation of a step's duration", number({ min: 0, max: 0.3 }), 0)
    .option("--seed <n>", "of the noise", number({ min: 0, whole: true }), 0)
    .option("--never-healthy", "test aid: /health answers 503 for ever", false)
    .option("--start-delay <seconds>", "test aid: wait before listening", number({ min: 0 }), 0)
    .option("--crash-after-requests <n>", "test aid: die after as many completed requests", count)
    .option("--fail-every <n>", "test aid: every n-th request answers 500", count);
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

function modelName(text: string): string {
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
