import { SECRET_FLAG } from "../../engine/launch/secret-flag.ts";
import { UsageError } from "../../errors.ts";

/** What pitwall tells `vllm bench serve` itself, and the input of ours that decides it. */
const OURS: Record<string, string> = {
  "--backend": "it is OpenAI completions",
  "--endpoint-type": "it is OpenAI completions",
  "--base-url": "give pitwall the --base-url",
  "--endpoint": "it is /v1/completions",
  "--model": "give pitwall the --model",
  "--tokenizer": "it is the engine's model",
  "--dataset-name": "it is random",
  "--random-input-len": "give pitwall the --pairs",
  "--random-output-len": "give pitwall the --pairs",
  "--num-prompts": "give pitwall the --num-prompts",
  "--request-rate": "give pitwall the --request-rate",
  "--burstiness": "give pitwall the --burstiness",
  "--max-concurrency": "give pitwall the --concurrency or --max-concurrency",
  "--num-warmups": "give pitwall the --warmup-requests",
  "--seed": "give pitwall the --seed",
  "--temperature": "it is 0",
  "--percentile-metrics": "all are reported",
  "--metric-percentiles": "all that a cell has are reported",
  "--result-dir": "the file goes into raw/ of --output",
  "--result-filename": "the file is called like its cell",
  "--ignore-eos": "it is set",
  "--save-result": "it is set",
};

/**
 * @throws UsageError for arguments that pitwall gives itself, and for secrets, in any spelling that Python's argparse
 * takes: underscores, `=`, and any beginning of a flag
 */
export function refuseClientArguments(args: readonly string[]): void {
  for (const argument of args) {
    const name = argument.split("=", 1)[0]!.replaceAll("_", "-");
    if (!/^--./.test(name)) continue;
    if (SECRET_FLAG.test(name)) {
      throw new UsageError(
        `--client-args must not hold ${name}: they are stored with the results; put a secret into the environment`,
      );
    }
    const own = name in OURS ? name : Object.keys(OURS).find((flag) => flag.startsWith(name));
    if (own !== undefined) throw new UsageError(`--client-args must not hold ${own}, which pitwall sets: ${OURS[own]}`);
  }
}
