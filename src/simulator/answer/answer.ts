import { monotonicMs } from "../../time/monotonic.ts";
import type { Engine } from "../engine/engine.ts";
import { blockHashes } from "../engine/prefix-hash.ts";
import { newSequence } from "../engine/sequence.ts";
import { collectAnswer } from "./collect-answer.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { wireFormat } from "./format/wire-format.ts";
import { streamAnswer } from "./stream-answer.ts";

/**
 * Generates and answers; a client that goes away takes its sequences out of the batch.
 * @returns when the connection is done with this answer
 */
export function answerRequest(exchange: Exchange, engine: Engine): Promise<void> {
  const answer = prepare(exchange, engine);
  const { request, response, sequences } = answer;
  const done = new Promise<void>((resolve) => {
    response.once("close", () => {
      answer.abandon();
      if (!response.writableFinished) noteBreak(answer);
      resolve();
    });
  });
  const onToken = request.stream ? streamAnswer(answer) : collectAnswer(answer);
  sequences.forEach((sequence, index) => {
    engine.submit(sequence, (_, dueMs) => onToken(index, dueMs));
  });
  return done;
}

/** The connection closed in mid-answer. */
function noteBreak({ faults, truth }: Answer): void {
  if (truth.end.startsWith("fault ")) return;
  truth.end = faults.stall?.seconds === Number.POSITIVE_INFINITY ? "fault hang" : "abort";
}

function prepare(exchange: Exchange, engine: Engine): Answer {
  const { request, faults, truth } = exchange;
  const identity = {
    // As vLLM does: a client that cannot set the header finds its answer in the truth log all the same.
    id: truth.id,
    created: Math.floor(Date.now() / 1000),
  };
  const fewer = faults.short ?? 0;
  const sequences = request.choices.map(({ prompt, script }) => {
    const length = Math.max(1, script.length - fewer);
    const ends = script.finish === "length" ? "length" : "stop";
    return newSequence(prompt.length, length, blockHashes(prompt), truth.acceptedMs, ends);
  });
  truth.sequences = sequences;
  truth.inputTokens = request.promptTokens;
  return {
    ...exchange,
    wire: wireFormat(request, identity),
    sequences,
    finishes: request.choices.map(({ script }) => (fewer > 0 ? "stop" : script.finish)),
    abandon() {
      for (const sequence of sequences) engine.abort(sequence);
    },
    stamp(tokens) {
      const now = tokens > 0 ? monotonicMs() : 0;
      for (let i = 0; i < tokens; i++) truth.writtenMs.push(now);
    },
  };
}
