import { BLOCK_TOKENS, checkPrompts, lengthRange, type Prompts, type Range, type TraceRequest } from "./prompts.ts";
import { type Random, seededRandom } from "./random.ts";
import { type Api, drawnBodies, drawsWords, listedBody } from "./request-body.ts";
import { badValue } from "./values.ts";
import type { Run } from "./vocabulary.ts";

/** A request ready to be sent. Lengths in tokens; null where only the engine's tokenizer knows. */
export interface PlannedRequest {
  body: Buffer;
  askedInputTokens: number | null;
  askedOutputTokens: number;
}

/**
 * A seed for each cell: cells never meet in a prefix cache. Within one, the warm-up shares with the measured part
 * - random prompts: the shared prefix, which is then warm as it would be in service;
 * - a list: nothing before the list is used up; it takes the prompts that the measured part takes last;
 * - a trace: nothing.
 */
export interface Draw {
  seed: number;
  part: "measured" | "warm-up";
}

/** Streams of the seed; 0 is the send times'. What is drawn for one never changes another. */
const STREAM = { own: { measured: 1, "warm-up": 2 }, sharedPrefix: 3, order: 4 };
/** A hash id may have more than 32 bits: the high ones go into the stream, so these two lie far apart. */
const BLOCK_STREAM = { measured: 0x1000_0000, "warm-up": 0x2000_0000 };
const PREFIX_STREAM = { measured: 5, "warm-up": 6 };

type Make = (index: number) => PlannedRequest;

/**
 * Makes request `index` of a cell, always the same one, whichever are made before and on whichever thread. Prompts are
 * drawn so that no two begin alike where the workload does not say so.
 * @throws UsageError for values that make no request, and for a prompt that the endpoint does not take
 */
export function requestMaker(prompts: Prompts, api: Api, draw: Draw): Make {
  checkPrompts(prompts, api.endpoint);
  if (!(api.temperature >= 0 && Number.isFinite(api.temperature)))
    throw badValue("the temperature", api.temperature, "0 (greedy) or a finite number above it");
  switch (prompts.kind) {
    case "random":
      return randomRequests(prompts, api, draw);
    case "listed":
      return listedRequests(prompts.entries, api, draw);
    case "trace":
      return traceRequests(prompts.requests, api, draw);
  }
}

function randomRequests(
  { inputLen, outputLen, rangeRatio, sharedPrefix }: Extract<Prompts, { kind: "random" }>,
  api: Api,
  { seed, part }: Draw,
): Make {
  const bodyOf = drawnBodies(api);
  const inputs = lengthRange(inputLen, rangeRatio);
  const outputs = lengthRange(outputLen, rangeRatio);
  return (index) => {
    const random = seededRandom(seed, STREAM.own[part], index);
    const inputTokens = drawWithin(inputs, random);
    const outputTokens = drawWithin(outputs, random);
    const shared = { random: seededRandom(seed, STREAM.sharedPrefix), tokens: sharedPrefix };
    const body = bodyOf([shared, { random, tokens: inputTokens - sharedPrefix }], outputTokens);
    return planned(api, body, inputTokens, outputTokens);
  };
}

function drawWithin({ low, high }: Range, random: Random): number {
  return low + Math.floor(random() * (high - low + 1));
}

function listedRequests(entries: Extract<Prompts, { kind: "listed" }>["entries"], api: Api, draw: Draw): Make {
  const order = shuffledOrder(entries.length, seededRandom(draw.seed, STREAM.order));
  return (index) => {
    const place = index % order.length;
    const entry = entries[order[draw.part === "measured" ? place : order.length - 1 - place]!]!;
    const askedInputTokens = entry.inputTokens;
    return { body: listedBody(api, entry), askedInputTokens, askedOutputTokens: entry.outputTokens };
  };
}

/** Fisher and Yates. */
function shuffledOrder(length: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function traceRequests(requests: TraceRequest[], api: Api, { seed, part }: Draw): Make {
  const bodyOf = drawnBodies(api);
  return (index) => {
    const request = requests[index % requests.length]!;
    const own = seededRandom(seed, STREAM.own[part], index);
    const body = bodyOf(traceRuns(request, own, { seed, part }), request.outputTokens);
    return planned(api, body, request.inputTokens, request.outputTokens);
  };
}

function traceRuns({ inputTokens, hashIds, sharedPrefix }: TraceRequest, own: Random, { seed, part }: Draw): Run[] {
  const runs: Run[] = [];
  let left = inputTokens;
  const take = (tokens: number, random: Random) => {
    runs.push({ random, tokens: Math.min(tokens, left) });
    left -= Math.min(tokens, left);
  };
  if (sharedPrefix !== null) take(sharedPrefix.tokens, seededRandom(seed, PREFIX_STREAM[part], sharedPrefix.id));
  for (const id of hashIds) take(BLOCK_TOKENS, seededRandom(seed, BLOCK_STREAM[part] + Math.floor(id / 2 ** 32), id));
  take(left, own);
  return runs;
}

/** A chat's template and the engine's tokenizer make more or less of words: their length is nominal. */
function planned(api: Api, body: Buffer, inputTokens: number, outputTokens: number): PlannedRequest {
  return { body, askedInputTokens: drawsWords(api) ? null : inputTokens, askedOutputTokens: outputTokens };
}
