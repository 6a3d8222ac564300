import { randomPrompt } from "../prompts.ts";
import { seededRandom } from "../random.ts";
export type Prompts =
  | { kind: "random"; inputLen: number; outputLen: number; rangeRatio: number; sharedPrefix: number }
  | { kind: "listed"; entries: { prompt: string | number[]; inputTokens: number | null; outputTokens: number }[] };
export interface RequestTarget { model: string; endpoint: "completions" | "chat"; continuousUsage: boolean; temperature: number }
export interface PlannedRequest { body: Buffer; askedInputTokens: number | null; askedOutputTokens: number }
export function requestMaker(prompts: Prompts, t: RequestTarget, { seed, stream }: { seed: number; stream: number }): (index: number) => PlannedRequest {
  if (prompts.kind !== "random") throw new Error("stub");
  return (index) => ({ body: Buffer.from(JSON.stringify({ model: t.model, prompt: randomPrompt(prompts.inputLen, seededRandom(seed + index, stream)), max_tokens: prompts.outputLen, ignore_eos: true, temperature: t.temperature, stream: true, stream_options: { include_usage: true, ...(t.continuousUsage ? { continuous_usage_stats: true } : {}) } })), askedInputTokens: prompts.inputLen, askedOutputTokens: prompts.outputLen });
}
