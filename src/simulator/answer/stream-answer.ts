import { type EventSink, socketSink } from "./event-sink.ts";
import { type Answer, type OnChoiceToken, simulatedError } from "./exchange.ts";
import { faultySink } from "./faulty-sink.ts";
import { DONE } from "./format/wire-parts.ts";
import { streamedUsage, usageAt } from "./usage.ts";

/** Answers with server-sent events, one a token. */
export function streamAnswer(answer: Answer): OnChoiceToken {
  const { request, faults, response, sequences, truth } = answer;
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  const socket = socketSink(response, answer.stamp);
  const sink = faultySink(socket, faults);
  const ahead: (string | undefined)[] = [];
  let open = sequences.length;
  let sent = 0;
  let broken = breaksOff(answer, sink, 0);
  return (index, dueMs) => {
    if (broken) return;
    const { state, generated } = sequences[index]!;
    const event = ahead[index] ?? eventOf(answer, index, generated);
    ahead[index] = undefined;
    truth.dueMs.push(dueMs);
    if (state === "finished") open -= 1;
    if (open > 0) {
      if (event === "") answer.stamp(1);
      else sink.send(event, 1);
    } else {
      truth.end = endOf(answer);
      sink.end(`${event}${request.includeUsage ? answer.wire.usage(streamedUsage(answer)) : ""}${DONE}`, 1);
    }
    sent += 1;
    broken = open > 0 && breaksOff(answer, sink, sent);
    if (state === "finished") return;
    // After all tokens of this moment are written: making the next event must not delay them.
    process.nextTick(() => {
      // Steps that catch up can have sent it already.
      if (sequences[index]!.generated !== generated) return;
      const next = eventOf(answer, index, generated + 1);
      ahead[index] = next;
      socket.prepare(next);
    });
  };
}

function eventOf(answer: Answer, index: number, generated: number): string {
  const { request, wire, sequences, finishes } = answer;
  const isLast = generated === sequences[index]!.maxTokens;
  const usage = request.continuousUsage ? usageAt(answer, index) : null;
  return wire.token(index, generated, isLast ? finishes[index]! : null, usage);
}

/** Ends the stream where a fault says so. @returns whether it did */
function breaksOff({ faults, truth, abandon }: Answer, sink: EventSink, sent: number): boolean {
  if (faults.error === sent) {
    truth.end = "fault error";
    // As vLLM does it: the error is an event like any other, and the stream ends properly.
    sink.end(`data: ${simulatedError("error inside the stream").body()}\n\n${DONE}`, 0);
  } else if (faults.cut === sent) {
    truth.end = "fault cut";
    sink.cut();
  } else return false;
  abandon();
  return true;
}

/** What the truth log says of an answer that came to its end. */
export function endOf({ faults, finishes }: Answer): string {
  if (faults.short !== undefined) return "fault short";
  return finishes.includes("length") ? "length" : "stop";
}
