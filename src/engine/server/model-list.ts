import { z } from "zod";
import { UserError } from "../../errors.ts";
import { API_KEY_VARIABLE, authorization } from "./api-key.ts";
import { excerpt, getPage, jsonOrNull, type Page, reach } from "./page.ts";

const Count = z.int().positive().nullish().catch(null);
const ListedModel = z.object({
  id: z.string(),
  max_model_len: z.int().positive().nullish(),
  /** llama.cpp's; `n_ctx` is what one request may fill: the context is divided among the slots. */
  meta: z.object({ n_vocab: Count, n_ctx: Count }).nullish().catch(null),
});
export type ListedModel = z.infer<typeof ListedModel>;
/** null is how Go writes an empty list. */
const Models = z.object({ data: z.array(ListedModel).nullable() });

/** What a server lacks that may still come, as a sentence, and what it answered where that says more. */
export interface NotYet {
  kind: "not-yet";
  lacks: string;
  answer?: string;
}

/** What /v1/models says: models, or that they may still come. */
export type ModelList = { kind: "listed"; models: ListedModel[] } | NotYet;

/** @throws UserError when the server does not answer, wants a key, or is no OpenAI-compatible one */
export async function askModels(baseUrl: string, signal?: AbortSignal): Promise<ModelList> {
  const url = `${baseUrl}/v1/models`;
  const { status, text } = await reach(url, signal);
  refuseKeyless(url, status);
  const parsed = Models.safeParse(status === 200 ? jsonOrNull(text) : null);
  if (parsed.success) {
    const models = parsed.data.data ?? [];
    return models.length > 0 ? { kind: "listed", models } : { kind: "not-yet", lacks: "no model is listed" };
  }
  if (await mayListLater(baseUrl, { status, text }, signal)) {
    return { kind: "not-yet", lacks: "no list of models is served", answer: `${status}: ${excerpt(text)}` };
  }
  throw new UserError(
    `${url} answered ${status} and no list of models: ${excerpt(text)}. Is it an OpenAI-compatible server?`,
  );
}

/** A router without a worker answers 404 or 503, in JSON or nothing; the page of a proxy or a web site is HTML. */
async function mayListLater(baseUrl: string, { status, text }: Page, signal?: AbortSignal): Promise<boolean> {
  if ((status !== 404 && status !== 503) || /^\s*</.test(text)) return false;
  const health = await getPage(`${baseUrl}/health`, signal).then(
    ({ status }) => status,
    () => undefined,
  );
  return health === 200 || (status === 503 && (health === 404 || health === 503));
}

/** @throws UserError when the status says that the key is missing or wrong */
function refuseKeyless(url: string, status: number): void {
  if (status === 401 || status === 403) throw new UserError(`${url} answered ${status}: ${keyAdvice()}`);
}

const keyAdvice = () =>
  "authorization" in authorization()
    ? `it refuses the API key in ${API_KEY_VARIABLE}`
    : `it wants an API key: put it into the environment as ${API_KEY_VARIABLE}`;
