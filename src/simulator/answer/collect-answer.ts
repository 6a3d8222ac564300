import { type Answer, type OnChoiceToken, simulatedError } from "./exchange.ts";
import { endOf } from "./stream-answer.ts";
import { wholeUsage } from "./usage.ts";

/** Answers in one piece when the last token has come. */
export function collectAnswer(answer: Answer): OnChoiceToken {
  const { sequences, truth } = answer;
  let open = sequences.length;
  return (index, dueMs) => {
    truth.dueMs.push(dueMs);
    if (sequences[index]!.state === "finished") open -= 1;
    if (open > 0) return;
    const seconds = answer.faults.stall?.seconds ?? 0;
    if (seconds === 0) send(answer);
    else if (seconds < Number.POSITIVE_INFINITY) setTimeout(() => send(answer), seconds * 1000);
  };
}

function send(answer: Answer): void {
  const { faults, response, wire, sequences, finishes, truth } = answer;
  if (response.destroyed) return;
  if (faults.error !== undefined) {
    truth.end = "fault error";
    const error = simulatedError("error in mid-generation");
    response.writeHead(error.status, { "content-type": "application/json" }).end(error.body());
    return;
  }
  const generated = sequences.map((sequence) => sequence.generated);
  const body = wire.whole(generated, finishes, wholeUsage(answer));
  answer.stamp(truth.dueMs.length);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  if (faults.cut !== undefined) {
    truth.end = "fault cut";
    response.write(body.slice(0, body.length / 2));
    response.socket?.destroySoon();
    return;
  }
  truth.end = endOf(answer);
  response.end(body);
}
