import type { Takes } from "../../result/document/takes.ts";
import { everything } from "../../workload/everything.ts";
import type { Endpoint } from "../../workload/prompts.ts";
import { type Ids, idsWithin } from "../../workload/vocabulary.ts";
import type { Answer } from "./ask.ts";

/** How the cells are going to ask, and what they cannot do without. */
export interface Question {
  endpoint: Endpoint;
  /** `drawn`: token ids where they are taken; `given`: the user's own ids; `text`: none. */
  prompts: "drawn" | "given" | "text";
  streams: boolean;
  /** The fields of a request, as the cells will send it. */
  fieldsOf(takes: Takes, prompt: string | number[], outputTokens: number): Record<string, unknown>;
  /** Tokens in the model's vocabulary, where the server tells. */
  vocabulary: number | undefined;
  ask(fields: Record<string, unknown>, tokens: number): Promise<Answer>;
}

/** `unknown`: no answer said anything of the fields, so the cells will show what is wrong. */
export type Found = { kind: "takes"; takes: Takes } | { kind: "refused"; why: string } | { kind: "unknown" };

type Refusal = Extract<Answer, { kind: "refused" }>;
/** Ends the questions early. */
class Ended extends Error {
  readonly found: Found;
  constructor(found: Found) {
    super(found.kind);
    this.found = found;
  }
}
const refusedFor = (why: string) => new Ended({ kind: "refused", why });

/** Enough to see that the limit is kept. */
const TOKENS = 2;
const TEXT = "Hi";

/**
 * Asks by tiny requests: one for a server that takes everything. For another one the plainest request, then what was
 * left out of it, one field after the other on top of what was taken.
 */
export async function whatServerTakes(question: Question): Promise<Found> {
  const all = { ...everything(question.endpoint), ...idsAskedFor(question) };
  const first = await askWith(question, all);
  if (first.kind === "unclear") return { kind: "unknown" };
  if (isWhole(first)) return { kind: "takes", takes: { ...all, ...doneOf(question, first) } };
  try {
    return { kind: "takes", takes: await oneByOne(question, all) };
  } catch (error) {
    if (error instanceof Ended) return error.found;
    throw error;
  }
}

async function oneByOne(question: Question, all: Takes): Promise<Takes> {
  const { takes: plainest, usage, done } = await plainestOf(question, all);
  let takes: Takes = { ...plainest, ...(question.streams ? { done } : {}) };
  takes = await withUsage(question, takes, usage);
  takes = await withIds(question, takes, all.tokenIds);
  return withExactLengths(question, takes);
}

const BEYOND = "it is taken, but the answer goes on beyond it";

/** Text, a limit, and what the user asked for. */
async function plainestOf(question: Question, all: Takes) {
  const limits = [all.limit, all.limit === "max_tokens" ? "max_completion_tokens" : "max_tokens"] as const;
  const refused: Takes["refused"] = {};
  let last: Answer | undefined;
  for (const limit of limits) {
    const takes: Takes = { limit, exactLengths: null, asksUsage: false, refused };
    last = await askWith(question, takes);
    if (last.kind === "taken" && !last.beyond) return { takes, ...last };
    if (last.kind === "unclear" || (last.kind === "refused" && !namesField(last))) break;
    refused[limit] = last.kind === "taken" ? BEYOND : said(last);
  }
  throw last!.kind === "refused" ? await culprit(question, limits[0], last as Refusal) : whyNot(last!, refused);
}

/** 401, 404 and faults of the server are no matter of a single field. */
const namesField = ({ status }: Refusal) => ![401, 403, 404].includes(status) && status < 500;

function whyNot(last: Answer, refused: Takes["refused"]): Ended {
  // Nothing was refused: whether answers are as long as they should be is for the cells to say.
  const isTaken = Object.values(refused).every((words) => words === BEYOND);
  if (last.kind === "unclear" || isTaken) return new Ended({ kind: "unknown" });
  const each = Object.entries(refused).map(([field, words]) => `${field} (${words})`);
  return refusedFor(`no limit of an answer's tokens works: ${each.join(", ")}`);
}

/** The field without which the plainest request is taken; else what the server said to it. */
async function culprit(question: Question, limit: Takes["limit"], refusal: Refusal): Promise<Ended> {
  if (refusal.status >= 500) return new Ended({ kind: "unknown" });
  const path = question.endpoint === "chat" ? "/v1/chat/completions" : "/v1/completions";
  if (refusal.status === 404) {
    const other = question.endpoint === "chat" ? "completions" : "chat";
    return refusedFor(`${path} answers ${said(refusal)}; --endpoint ${other} asks at the other one`);
  }
  if (!namesField(refusal)) return refusedFor(`${path} answers ${said(refusal)}; a key goes into PITWALL_API_KEY`);
  const fields = question.fieldsOf({ ...everything(question.endpoint), ...PLAIN, limit }, TEXT, TOKENS);
  for (const name of Object.keys(fields).filter((field) => !["model", "prompt", "messages", limit].includes(field))) {
    const { [name]: _, ...others } = fields;
    if ((await question.ask(others, TOKENS)).kind === "taken")
      return refusedFor(`${name} is refused: ${said(refusal)}`);
  }
  return refusedFor(`even the plainest request is refused: ${said(refusal)}`);
}

const PLAIN = { exactLengths: null, asksUsage: false } as const;

/** Whoever cannot count tokens cannot measure; usage that comes unasked will do. */
async function withUsage(question: Question, takes: Takes, comesUnasked: boolean): Promise<Takes> {
  if (!question.streams) {
    if (comesUnasked) return takes;
    throw refusedFor("answers hold no usage, so that their tokens cannot be counted");
  }
  const asking = { ...takes, asksUsage: true };
  const answer = await askClearly(question, asking);
  if (isWhole(answer)) return asking;
  const words = answer.kind === "refused" ? said(answer) : "taken, but no usage comes";
  const refused = { ...takes.refused, stream_options: words };
  if (comesUnasked && !("continuous_usage_stats" in streamOptions(question, asking))) return { ...takes, refused };
  throw refusedFor(`stream_options is refused (${words}), without which ${whatUsageIsFor(comesUnasked)}`);
}

const whatUsageIsFor = (comesUnasked: boolean) =>
  comesUnasked ? "there is no --continuous-usage" : "streams hold no usage: their tokens cannot be counted";

function streamOptions(question: Question, takes: Takes): object {
  const { stream_options: options } = question.fieldsOf(takes, TEXT, TOKENS);
  return typeof options === "object" && options !== null ? options : {};
}

async function withIds(question: Question, takes: Takes, ids: Takes["tokenIds"]): Promise<Takes> {
  if (!ids) return takes;
  const answer = await askClearly(question, takes, [ids.lowest, ids.highest]);
  if (isWhole(answer)) return { ...takes, tokenIds: ids };
  // Perhaps only those beyond the model's vocabulary.
  if (isWhole(await askClearly(question, takes, [1]))) {
    if (question.prompts === "given") return { ...takes, tokenIds: ids };
    return { ...takes, tokenIds: idsWithin((await highestId(question, takes, ids.highest)) + 1) };
  }
  const words = answer.kind === "refused" ? said(answer) : "no usage comes for them";
  if (question.prompts === "given") throw refusedFor(`token ids as prompt are refused: ${words}; give text`);
  return { ...takes, tokenIds: null, refused: { ...takes.refused, "token ids": words } };
}

/** Between 1, which is taken, and one that is not. */
async function highestId(question: Question, takes: Takes, refused: number): Promise<number> {
  let [low, high] = [1, refused];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isWhole(await askClearly(question, takes, [middle]))) low = middle;
    else high = middle;
  }
  return low;
}

async function withExactLengths(question: Question, takes: Takes): Promise<Takes> {
  const refused = { ...takes.refused };
  for (const exactLengths of ["ignore_eos", "min_tokens"] as const) {
    const answer = await askClearly(question, { ...takes, exactLengths }, promptFor(takes));
    if (isWhole(answer)) return { ...takes, exactLengths, refused };
    refused[exactLengths] = answer.kind === "refused" ? said(answer) : "answers go on beyond their limit";
  }
  return { ...takes, refused };
}

type Whole = Extract<Answer, { kind: "taken" }>;
const isWhole = (answer: Answer): answer is Whole => answer.kind === "taken" && answer.usage && !answer.beyond;
const doneOf = ({ streams }: Question, { done }: Whole) => (streams ? { done } : {});

const said = ({ status, message }: Refusal) => `HTTP ${status}: ${message}`;

function idsAskedFor({ endpoint, prompts, vocabulary }: Question): Pick<Takes, "tokenIds"> {
  if (endpoint === "chat" || prompts === "text") return { tokenIds: undefined };
  return { tokenIds: idsWithin(vocabulary) };
}

const promptFor = ({ tokenIds }: Takes) => (tokenIds ? asPrompt(tokenIds) : TEXT);
const asPrompt = ({ lowest, highest }: Ids) => [lowest, highest];

function askWith(question: Question, takes: Takes, prompt: string | number[] = promptFor(takes)): Promise<Answer> {
  return question.ask(question.fieldsOf(takes, prompt, TOKENS), TOKENS);
}

/** A server that took the plainest request and says nothing clear to this one will not measure. */
async function askClearly(question: Question, takes: Takes, prompt?: string | number[]): Promise<Answer> {
  const answer = await askWith(question, takes, prompt);
  if (answer.kind === "unclear") throw new Ended({ kind: "unknown" });
  return answer;
}
