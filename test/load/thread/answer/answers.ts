import { Completion } from "../../../../src/load/thread/answer/completion.ts";

export interface Read {
  bytes: Buffer;
  at: number;
}

/** Reads one at a time, each a millisecond after the one before. */
export const reads = (...parts: (string | Buffer)[]): Read[] =>
  parts.map((part, index) => ({ bytes: Buffer.from(part as string), at: index + 1 }));

export const EVENTS = { contentType: "text/event-stream", contentEncoding: undefined };

/** The answer as it stands once its body has ended. */
export function completionOf(all: readonly Read[], asked: number): Completion {
  const completion = new Completion(asked);
  for (const { bytes, at } of all) completion.read(bytes, 0, bytes.length, at);
  completion.problem(asked, EVENTS);
  return completion;
}

/** The completion made of the parts, each read alone, for a request of three tokens. */
export const given = (...parts: (string | Buffer)[]) => completionOf(reads(...parts), 3);

export const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

export const delta = (content: object, rest: object = {}) =>
  data({ choices: [{ index: 0, delta: content, finish_reason: null, ...rest }] });

/** All that is known of an answer. */
export const whole = (completion: Completion, asked = 3) => ({
  times: [...completion.log.times],
  tokens: completion.log.tokens === undefined ? undefined : [...completion.log.tokens],
  inputTokens: completion.inputTokens,
  outputTokens: completion.outputTokens,
  finishReason: completion.finishReason,
  problem: completion.problem(asked, EVENTS),
});
