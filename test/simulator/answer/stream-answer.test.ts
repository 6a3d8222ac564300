import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Answer } from "../../../src/simulator/answer/exchange.ts";
import { streamAnswer } from "../../../src/simulator/answer/stream-answer.ts";

test("tokens of steps that catch up within one turn are each sent once, the last with its finish reason", async () => {
  const sent: string[] = [];
  const response = {
    socket: null,
    writeHead() {},
    flushHeaders() {},
    write: (text: string) => sent.push(text),
    end: (text: string) => sent.push(text),
  } as unknown as ServerResponse;
  const sequence = { state: "running", generated: 0, promptTokens: 1, maxTokens: 4 };
  const onToken = streamAnswer({
    request: { continuousUsage: false, includeUsage: false },
    faults: {},
    response,
    truth: { dueMs: [] },
    wire: { token: (_: number, generated: number, finish: string | null) => `${generated} ${finish};` },
    sequences: [sequence],
    finishes: ["length"],
    stamp() {},
  } as unknown as Answer);
  const emit = () => {
    sequence.generated += 1;
    if (sequence.generated === 4) sequence.state = "finished";
    onToken(0, 0);
  };
  emit();
  await nextTurn();
  for (let i = 0; i < 3; i++) emit();
  expect(sent.join("")).toMatch(/^1 null;2 null;3 null;4 length;data: \[DONE\]/);
});
