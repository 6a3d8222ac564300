import { z } from "zod";
import { API_KEY_VARIABLE, authorization } from "../api-key.ts";
import { messageOf, UsageError, UserError } from "../errors.ts";

const ANSWER_TIMEOUT_MS = 10_000;

const Models = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().positive().nullish() })).min(1),
});
const Version = z.object({ version: z.string() });

/** What an engine says of itself. */
export interface EngineFacts {
  model: string;
  maxModelLen: number | null;
  /** null when the server has no /version: it is no vLLM. */
  version: string | null;
}

/** Base URL without a trailing slash or /v1. @throws UsageError when it is no plain http(s) URL */
export function normalizeBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`“${text}” is not a base URL; write it like http://127.0.0.1:8000`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("the base URL holds a user name or password, which would be stored with the results");
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** Where a client reaches a server that listens on this host and port. */
export function baseUrlOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** Whether /health answers 200. Its body is not looked at: vLLM's is empty. */
export async function isHealthy(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await getPage(`${baseUrl}/health`, signal)).status === 200;
  } catch {
    // Refused, reset or silent: all of it means "not yet", and the caller has the limit.
    return false;
  }
}

/**
 * Asks /v1/models and /version.
 * @param model must be among those served; by default the first one, which for vLLM is the one it was started with
 * @throws UserError naming the URL, the cause and what to do
 */
export async function askEngine(
  baseUrl: string,
  model: string | undefined,
  signal?: AbortSignal,
): Promise<EngineFacts> {
  const models = await askModels(baseUrl, signal);
  const served = model === undefined ? models[0] : models.find(({ id }) => id === model);
  if (served === undefined) {
    const names = models.map(({ id }) => id).join(", ");
    throw new UserError(`${baseUrl} does not serve the model “${model}”; it serves: ${names}`);
  }
  return { model: served.id, maxModelLen: served.max_model_len ?? null, version: await askVersion(baseUrl, signal) };
}

async function askModels(baseUrl: string, signal?: AbortSignal) {
  const url = `${baseUrl}/v1/models`;
  const { status, text } = await reach(url, signal);
  if (status === 401 || status === 403) {
    throw new UserError(`${url} answered ${status}: ${keyAdvice()}`);
  }
  const parsed = Models.safeParse(status === 200 ? jsonOrNull(text) : null);
  if (parsed.success) return parsed.data.data;
  throw new UserError(
    `${url} answered ${status} and no list of models: ${excerpt(text)}. Is it an OpenAI-compatible server?`,
  );
}

const keyAdvice = () =>
  "authorization" in authorization()
    ? `it refuses the API key in ${API_KEY_VARIABLE}`
    : `it wants an API key: put it into the environment as ${API_KEY_VARIABLE}`;

async function askVersion(baseUrl: string, signal?: AbortSignal): Promise<string | null> {
  const { status, text } = await reach(`${baseUrl}/version`, signal);
  return status === 200 ? (Version.safeParse(jsonOrNull(text)).data?.version ?? null) : null;
}

async function reach(url: string, signal?: AbortSignal) {
  try {
    return await getPage(url, signal);
  } catch (cause) {
    // A name with several addresses fails with an AggregateError, whose message is empty.
    const why = messageOf(cause) || (cause as NodeJS.ErrnoException).code;
    throw new UserError(`${url} does not answer: ${why}. Is the server up, and the base URL right?`, { cause });
  }
}

/** @throws Error when it does not answer within 10 s */
export async function getPage(url: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
  // Loaded here: it costs a third of the command line's start-up, and most of what imports this file asks nothing.
  const { Agent, request } = await import("undici");
  // An agent of our own, because Node's default one may follow HTTP_PROXY (NODE_USE_ENV_PROXY=1), and no proxy knows
  // our loopback; and one for a single answer, so that no connection stays open while the engine is measured.
  const direct = new Agent();
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const { statusCode, body } = await request(url, { dispatcher: direct, signal: limit, headers: authorization() });
    return { status: statusCode, text: await body.text() };
  } finally {
    await direct.destroy();
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const excerpt = (text: string) => JSON.stringify(text.slice(0, 200));
