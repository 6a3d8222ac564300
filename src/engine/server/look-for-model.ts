import { UserError } from "../../errors.ts";
import { type EngineFacts, factsOf } from "./endpoint.ts";
import { askModels, type ListedModel, type NotYet } from "./model-list.ts";
import { excerpt, type Page, postJson, Unreachable } from "./page.ts";

/** One look at a server that somebody else runs: what it serves, or what it lacks so far. */
export type Look = { kind: "ready"; facts: EngineFacts } | NotYet;

interface Sight {
  signal: AbortSignal;
  /** Until the end of all waiting. */
  restMs: number;
}

/** A model that is listed may be loaded for its first request, which the first cell's probe has time for. */
const LISTED_MS = 10_000;

/**
 * Looks for a model, by default the first one listed. A name that is not listed may be served all the same: routers list
 * "unknown" for a worker of another kind, `transformers serve` what lies in its cache, which may be nothing. So a tiny
 * request decides.
 * @throws UserError when the server cannot be reached, is no OpenAI-compatible one, or serves other models only
 */
export async function lookForModel(baseUrl: string, model: string | undefined, sight: Sight): Promise<Look> {
  const list = await askModels(baseUrl, sight.signal);
  if (list.kind === "not-yet") return (model && (await unlisted(baseUrl, model, sight))) || list;
  const listed = model === undefined ? list.models[0] : list.models.find(({ id }) => id === model);
  if (listed !== undefined) return lookAtListed(baseUrl, listed, sight);
  const answer = await askTiny(baseUrl, model!, sight);
  if (answer?.status === 200) return readyUnlisted(baseUrl, model!, sight);
  if (answer?.status === 503) return notServedYet(model!, answer);
  throw notServed(baseUrl, model!, list.models, answer);
}

/** @returns undefined when nothing but the list tells */
async function unlisted(baseUrl: string, model: string, sight: Sight): Promise<Look | undefined> {
  const answer = await askTiny(baseUrl, model, sight);
  return answer?.status === 200 ? readyUnlisted(baseUrl, model, sight) : undefined;
}

async function readyUnlisted(baseUrl: string, model: string, { signal }: Sight): Promise<Look> {
  return { kind: "ready", facts: await factsOf(baseUrl, { id: model }, signal) };
}

async function lookAtListed(baseUrl: string, listed: ListedModel, { signal, restMs }: Sight): Promise<Look> {
  const answer = await askTiny(baseUrl, listed.id, { signal, restMs: Math.min(LISTED_MS, restMs) });
  if (answer !== undefined && lacksModel(answer)) return notServedYet(listed.id, answer);
  return { kind: "ready", facts: await factsOf(baseUrl, listed, signal) };
}

function notServedYet(model: string, answer: Page): NotYet {
  return { kind: "not-yet", lacks: `the model “${model}” is not served`, answer: said(answer) };
}

/** A 404 without a word about a model is that of a path that the server does not have. */
const lacksModel = ({ status, text }: Page) => status === 503 || (status === 404 && /model/i.test(text));

/** @returns undefined when it does not answer in time: that says nothing of the model */
async function askTiny(baseUrl: string, model: string, { signal, restMs }: Sight): Promise<Page | undefined> {
  const limits = { signal, limitMs: Math.max(1, restMs) };
  const ask = (path: string, question: object) =>
    postJson(`${baseUrl}${path}`, { model, ...question, max_tokens: 1 }, limits).catch(asNoAnswer);
  const answer = await ask("/v1/completions", { prompt: "Hi" });
  if (answer === undefined || answer.status === 200 || lacksModel(answer)) return answer;
  return await ask("/v1/chat/completions", { messages: [{ role: "user", content: "Hi" }] });
}

function asNoAnswer(error: unknown): undefined {
  if (!(error instanceof Unreachable)) throw error;
}

function notServed(baseUrl: string, model: string, models: readonly ListedModel[], answer: Page | undefined) {
  const names = models.map(({ id }) => id).join(", ");
  const why = answer === undefined ? "no answer to a request for it" : `a request for it got ${said(answer)}`;
  return new UserError(`${baseUrl} does not serve the model “${model}”; it serves: ${names} (${why})`);
}

const said = ({ status, text }: Page) => `${status}: ${excerpt(text)}`;
