import { z } from "zod";
import { UsageError, UserError } from "../../errors.ts";
import { askModels, type ListedModel } from "./model-list.ts";
import { getPage, jsonOrNull, reach } from "./page.ts";

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
  return `${url.origin}${url.pathname}`.replace(/\/{1,100}$/, "").replace(/\/v1$/, "");
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
 * Asks /v1/models and /version. The model is the first one listed, which for vLLM is the one it was started with.
 * @throws UserError naming the URL, the cause and what to do
 */
export async function askEngine(baseUrl: string, signal?: AbortSignal): Promise<EngineFacts> {
  const list = await askModels(baseUrl, signal);
  if (list.kind === "not-yet") throw new UserError(`${baseUrl}: ${list.lacks}. Is it an OpenAI-compatible server?`);
  return factsOf(baseUrl, list.models[0]!, signal);
}

export async function factsOf(
  baseUrl: string,
  { id, max_model_len, meta }: ListedModel,
  signal?: AbortSignal,
): Promise<EngineFacts> {
  const maxModelLen = max_model_len ?? meta?.n_ctx ?? null;
  return { model: id, maxModelLen, version: await askVersion(baseUrl, signal) };
}

async function askVersion(baseUrl: string, signal?: AbortSignal): Promise<string | null> {
  const { status, text } = await reach(`${baseUrl}/version`, signal);
  return status === 200 ? (Version.safeParse(jsonOrNull(text)).data?.version ?? null) : null;
}
