import type { GenerationRequest } from "../request/generation.ts";
import type { Answer } from "./exchange.ts";

/** What an event counts of one choice at so many tokens. */
export function usageAt({ request, sequences }: Answer, index: number): (generated: number) => string {
  const { promptTokens } = sequences[index]!;
  // On the way vLLM says of chat that there are no details; at the end it says nothing.
  const none = request.endpoint === "chat" ? ',"completion_tokens_details":null' : "";
  const more = request.chat.reasoningWords === null ? none : "";
  return (generated) => streamed(request, promptTokens, [generated]) + more;
}

/** What the last event of a stream counts. */
export function streamedUsage({ request, sequences }: Answer): string {
  return streamed(request, request.promptTokens, generatedOf(sequences));
}

/** What a whole answer counts. */
export function wholeUsage({ request, sequences }: Answer): string {
  const generated = generatedOf(sequences);
  const reasoning = reasoningDetails(request, generated) ?? "null";
  return `${counts(request.promptTokens, generated)},"prompt_tokens_details":null,"completion_tokens_details":${reasoning}`;
}

const generatedOf = (sequences: Answer["sequences"]) => sequences.map(({ generated }) => generated);

function streamed(request: GenerationRequest, promptTokens: number, generated: readonly number[]): string {
  const reasoning = reasoningDetails(request, generated);
  return counts(promptTokens, generated) + (reasoning === null ? "" : `,"completion_tokens_details":${reasoning}`);
}

function counts(promptTokens: number, generated: readonly number[]): string {
  const completion = generated.reduce((sum, count) => sum + count, 0);
  return `"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + completion},"completion_tokens":${completion}`;
}

/** Words of reasoning begin with the second token of an answer. */
function reasoningDetails(
  { chat: { reasoningWords } }: GenerationRequest,
  generated: readonly number[],
): string | null {
  if (reasoningWords === null) return null;
  const words = generated.map((count) => Math.min(Math.max(0, count - 1), reasoningWords));
  return `{"reasoning_tokens":${words.reduce((sum, count) => sum + count, 0)}}`;
}
