import type { PlannedRequest } from "../../workload/request-maker.ts";
import { httpRequest } from "../thread/request-source.ts";
import type { Route, StockedRequests } from "../thread/thread-order.ts";

/** Writes requests before the clock starts, into memory that all threads read. */
export function stockRequests(count: number, make: (index: number) => PlannedRequest, route: Route): StockedRequests {
  const asked = { input: new Int32Array(count), output: new Int32Array(count) };
  const offsets = new Float64Array(count + 1);
  const requests = Array.from({ length: count }, (_, index) => {
    const { body, askedInputTokens, askedOutputTokens } = make(index);
    asked.input[index] = askedInputTokens ?? -1;
    asked.output[index] = askedOutputTokens;
    const request = httpRequest(route, index, body);
    offsets[index + 1] = offsets[index]! + request.length;
    return request;
  });
  const bytes = new Uint8Array(new SharedArrayBuffer(offsets[count]!));
  for (const [index, request] of requests.entries()) bytes.set(request, offsets[index]);
  return { kind: "stocked", bytes, offsets, askedInputTokens: asked.input, askedOutputTokens: asked.output };
}
