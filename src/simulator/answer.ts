import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { GenerationRequest } from "./api-request.ts";
import type { Engine } from "./engine.ts";
import { DONE, usageCounts, type WireFormat, wireFormat } from "./wire-format.ts";

/** Generates and answers; a client that goes away takes its sequences out of the batch. */
export function answer(request: GenerationRequest, engine: Engine, response: ServerResponse): void {
  const created = Math.floor(Date.now() / 1000);
  const wire = wireFormat(request.endpoint, { id: randomBytes(8).toString("hex"), created, model: request.model });
  const onToken = request.stream ? streaming(request, wire, response) : collecting(request, wire, response);
  const sequences = request.promptTokens.map((promptTokens, index) =>
    engine.submit(promptTokens, request.maxTokens[index] as number, (generated, last) =>
      onToken(index, generated, last),
    ),
  );
  response.on("close", () => {
    for (const sequence of sequences) engine.abort(sequence);
  });
}

type OnChoiceToken = (index: number, generated: number, last: boolean) => void;

function streaming(request: GenerationRequest, wire: WireFormat, response: ServerResponse): OnChoiceToken {
  const { promptTokens, continuousUsage, includeUsage } = request;
  let open = promptTokens.length;
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  return (index, generated, last) => {
    const usage = continuousUsage ? usageCounts(promptTokens[index] as number, generated) : null;
    const event = wire.token(index, generated, last, usage);
    if (last) open -= 1;
    if (open > 0) response.write(event);
    else response.end(`${event}${includeUsage ? wire.usage(totalUsage(request)) : ""}${DONE}`);
  };
}

function collecting(request: GenerationRequest, wire: WireFormat, response: ServerResponse): OnChoiceToken {
  let open = request.promptTokens.length;
  return (_index, _generated, last) => {
    if (last) open -= 1;
    if (open > 0) return;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(wire.whole(request.maxTokens, totalUsage(request)));
  };
}

function totalUsage({ promptTokens, maxTokens }: GenerationRequest): string {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return usageCounts(sum(promptTokens), sum(maxTokens));
}
