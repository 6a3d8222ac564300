import { UsageError } from "../../errors.ts";

/**
 * Refuses lengths before anything is measured with them.
 * @param limit the engine's context in tokens; null when it does not tell
 * @throws UsageError naming the numbers and what to change
 */
export function requireContext(lengths: { inputLen: number; outputLen: number }[], limit: number | null): void {
  for (const { inputLen, outputLen } of lengths) {
    const total = inputLen + outputLen;
    if (limit === null || total <= limit) continue;
    throw new UsageError(
      `input ${inputLen} + output ${outputLen} = ${total} tokens do not fit the engine's context of ${limit}; ask for less, or raise --max-model-len in --engine-args`,
    );
  }
}
