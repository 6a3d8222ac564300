import { Pool } from "undici";
import { z } from "zod";
import { authorization } from "../../engine/server/api-key.ts";
import { UserError } from "../../errors.ts";
import { readBody } from "../../limited-body.ts";
import type { Takes } from "../../result/document/takes.ts";
import { everything } from "../../workload/everything.ts";
import { seededRandom } from "../../workload/random.ts";
import { randomPrompt } from "../../workload/random-prompts.ts";
import { lengthFields } from "../../workload/request-body.ts";
import type { Sampling, SweepCell, SweepPlan } from "../sweep.ts";

const Completion = z.object({
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }),
});
export type Usage = z.infer<typeof Completion>["usage"];

export interface ServerTarget {
  baseUrl: string;
  model: string;
  /** Seconds until a request counts as failed. */
  requestTimeout: number;
  /** Seconds that a cell may take as a whole; absent: the default. */
  benchmarkTimeout?: number | undefined;
  /** What the server takes; absent: everything. */
  takes?: Takes | undefined;
}

/** Most bytes of a whole completion: 500 times the longest text that anybody measures. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
/** What a request meets, before any answer, whose connection the server has closed. */
const CLOSED = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);
class ClosingConnection extends Error {}

/** One batch after the other against one server, with fresh prompts: servers cache prefixes, the offline engine does not. */
export class BatchClient {
  #pool: Pool;
  readonly #target: ServerTarget;
  readonly #random: () => number;
  /** There may be connections that have carried an answer. */
  #keepsConnections = false;

  constructor(target: ServerTarget, plan: SweepPlan) {
    this.#pool = newPool(target);
    this.#target = target;
    this.#random = seededRandom(plan.seed, 0);
  }

  /** A batch that met a connection which the server was closing is sent once more, with its clock started anew. */
  async iterate(cell: SweepCell, signal: AbortSignal): Promise<{ seconds: number; usages: Usage[] }> {
    const iteration = await this.#iterate(cell, signal).catch(async (error) => {
      if (!(error instanceof ClosingConnection)) throw error;
      this.#keepsConnections = false;
      await this.#pool.destroy();
      this.#pool = newPool(this.#target);
      return this.#iterate(cell, signal);
    });
    this.#keepsConnections = true;
    return iteration;
  }

  /** Sends a batch at once. When one request fails the others are ended first: they would load the next batch. */
  async #iterate(cell: SweepCell, signal: AbortSignal): Promise<{ seconds: number; usages: Usage[] }> {
    const bodies = Array.from({ length: cell.batchSize }, () => this.#body(cell));
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const start = performance.now();
    const requests = bodies.map((body) =>
      this.#complete(body, either).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    );
    const ends = await Promise.allSettled(requests);
    const seconds = (performance.now() - start) / 1000;
    if (failed.signal.aborted) throw failed.signal.reason;
    return { seconds, usages: ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : [])) };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #complete(body: string, signal: AbortSignal): Promise<Usage> {
    const path = `${new URL(this.#target.baseUrl).pathname.replace(/\/$/, "")}/v1/completions`;
    const headers = { "content-type": "application/json", ...authorization() };
    // The pool's own limits are of the time between two bytes.
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#target.requestTimeout * 1000)]);
    const question = { method: "POST" as const, path, headers, body, signal: limit };
    const response = await this.#pool.request(question).catch((error) => {
      throw this.#keepsConnections && CLOSED.has(error.code) ? new ClosingConnection() : error;
    });
    const answer = await readBody(response.body, LARGEST_ANSWER_BYTES);
    if (response.statusCode !== 200) throw new UserError(`HTTP ${response.statusCode}: ${answer.slice(0, 500)}`);
    return Completion.parse(JSON.parse(answer)).usage;
  }

  #body({ inputLen, outputLen, sampling }: SweepCell): string {
    const prompt = randomPrompt(inputLen, this.#random, this.#target.takes?.tokenIds);
    return JSON.stringify(sweepFields(this.#target, sampling, prompt, outputLen));
  }
}

function newPool({ baseUrl, requestTimeout }: ServerTarget): Pool {
  const limits = { headersTimeout: requestTimeout * 1000, bodyTimeout: requestTimeout * 1000 };
  return new Pool(new URL(baseUrl).origin, { connections: null, ...limits });
}

/** The fields of a request of a batch. What is the server's own default goes unsaid: not every one knows vLLM's fields. */
export function sweepFields(
  { model, takes = everything("completions") }: Pick<ServerTarget, "model" | "takes">,
  { n, temperature, topP, detokenize, beamSearch }: Sampling,
  prompt: string | number[],
  outputLen: number,
): Record<string, unknown> {
  return {
    model,
    prompt,
    ...lengthFields(takes, outputLen),
    temperature,
    top_p: topP,
    ...(detokenize ? {} : { detokenize }),
    ...(n === 1 ? {} : { n }),
    ...(beamSearch ? { use_beam_search: true } : {}),
  };
}
