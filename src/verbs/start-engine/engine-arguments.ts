import { withMaxModelLen } from "../../engine/shrink.ts";
import { UsageError } from "../../errors.ts";
import { cut, LIMITS } from "../../foreign-text/limits.ts";
import { excessOfArguments } from "../../result/checks/excesses.ts";
import { refuseOwnArguments } from "./own-arguments.ts";

interface Given {
  engineArgs: readonly string[];
  onOom: "fail" | "shrink";
}

/** @throws UsageError for arguments that pitwall gives itself, for secrets, and for more than a run document may have */
export function checkEngineArguments({ engineArgs, onOom }: Given): void {
  refuseOwnArguments(engineArgs);
  // As the document would have them after a whole night.
  const isLonger = onOom === "shrink";
  const stored = isLonger ? withMaxModelLen(engineArgs, Number.MAX_SAFE_INTEGER) : engineArgs;
  const [excess] = excessOfArguments(stored.map((argument) => cut(argument, LIMITS.argument)));
  if (excess === undefined) return;
  const counted = isLonger ? " (with the --max-model-len that --on-oom shrink may add)" : "";
  throw new UsageError(`--engine-args${counted} ${excess.text}: give fewer or shorter ones`);
}
