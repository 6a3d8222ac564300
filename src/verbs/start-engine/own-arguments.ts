import { SECRET_FLAG } from "../../engine/launch/secret-flag.ts";
import { UsageError } from "../../errors.ts";

const NOT_AMONG_ENGINE_ARGS: Record<string, string> = {
  "--host": "give pitwall the --host instead: it must know where to ask",
  "--port": "give pitwall the --port instead: it must know where to ask",
  "--model": "give pitwall the --model instead: it is stored with the results",
  "--truth": "give pitwall the --truth instead: a file of one run is no part of the engine that is compared",
};
const SECRET_ADVICE =
  "engine arguments are stored with the results; put a secret into the environment (HF_TOKEN), and serve without an API key";

/** @throws UsageError for arguments that pitwall gives itself, and for secrets, in any spelling that vLLM takes */
export function refuseOwnArguments(engineArgs: readonly string[]): void {
  for (const argument of engineArgs) {
    const name = argument.split("=", 1)[0]!.replaceAll("_", "-");
    const why = SECRET_FLAG.test(name) ? SECRET_ADVICE : NOT_AMONG_ENGINE_ARGS[name];
    if (why !== undefined) throw new UsageError(`--engine-args must not hold ${name}: ${why}`);
  }
}
