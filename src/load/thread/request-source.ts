import { requestMaker } from "../../workload/request-maker.ts";
import type { FreshRequests, Route, StockedRequests } from "./thread-order.ts";

export interface OutgoingRequest {
  bytes: Uint8Array;
  askedInputTokens: number | null;
  askedOutputTokens: number;
}

/** @returns how to get the request of a number, counted from 0 */
export function requestSource(requests: StockedRequests | FreshRequests): (index: number) => OutgoingRequest {
  return requests.kind === "stocked" ? fromStock(requests) : madeFresh(requests);
}

/** The whole of an HTTP request, so that it goes out with one write. */
export function httpRequest({ host, path, idPrefix, authorization }: Route, index: number, body: Buffer): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    "content-type: application/json",
    "accept: text/event-stream",
    `x-request-id: ${idPrefix}${index}`,
    `content-length: ${body.length}`,
    ...(authorization === undefined ? [] : [`authorization: ${authorization}`]),
    "\r\n",
  ];
  return Buffer.concat([Buffer.from(head.join("\r\n"), "latin1"), body]);
}

function fromStock({ bytes, offsets, askedInputTokens, askedOutputTokens }: StockedRequests) {
  return (index: number): OutgoingRequest => {
    const input = askedInputTokens[index]!;
    return {
      bytes: bytes.subarray(offsets[index], offsets[index + 1]),
      askedInputTokens: input === -1 ? null : input,
      askedOutputTokens: askedOutputTokens[index]!,
    };
  };
}

function madeFresh({ prompts, api, draw, route }: FreshRequests) {
  const make = requestMaker(prompts, api, draw);
  return (index: number): OutgoingRequest => {
    const { body, ...asked } = make(index);
    return { bytes: httpRequest(route, index, body), ...asked };
  };
}
