import { authorization } from "../../engine/server/api-key.ts";
import { exchange } from "../../engine/server/page.ts";
import { messageOf } from "../../errors.ts";
import { BodyTooLarge } from "../../limited-body.ts";
import { CHAT_PATH } from "../model/ask.ts";
import type { Answer, Ask } from "../model/case.ts";

/** What a request never got an answer to. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
}

/** A server, and how it is asked. */
export interface Target {
  /** Without /v1. */
  baseUrl: string;
  model: string;
  /** Limit of one request. */
  requestSeconds: number;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Its model reasons where it is not asked otherwise. */
  reasons?: boolean;
}

/** A request as it goes out. */
export interface Sent {
  method: Ask["method"];
  path: string;
  body?: string;
}

/** Puts model and fields in. Pure. */
export function sentFrom({ method, path, body, thinks }: Ask, { model, reasons = false }: Target): Sent {
  const place = path.replace("{model}", encodeURIComponent(model));
  if (body === undefined || typeof body === "string")
    return { method, path: place, ...(body === undefined ? {} : { body }) };
  return {
    method,
    path: place,
    body: JSON.stringify({ model, ...(path === CHAT_PATH ? thinkingFields(thinks, reasons) : {}), ...body }),
  };
}

/** Names of the switch in templates of vLLM's models: Qwen's, then DeepSeek's; other servers take them, too. */
function thinkingFields(thinks: Ask["thinks"], reasons: boolean): object {
  if (thinks === "yes") return { chat_template_kwargs: { enable_thinking: true, thinking: true } };
  return thinks === undefined && reasons ? { chat_template_kwargs: { enable_thinking: false, thinking: false } } : {};
}

/**
 * Sends one request on a connection of its own and reads the answer to its end.
 * @param note goes into the user agent, so that a server's log tells which case asked
 * @throws NoAnswer when none came within the limit, or only part of one; the reason of an abort
 */
export async function send(ask: Ask, target: Target, note: string): Promise<Answer> {
  const { baseUrl, requestSeconds, env, signal } = target;
  const { method, path, body } = sentFrom(ask, target);
  const headers = {
    "user-agent": `pitwall (${note})`,
    ...(body === undefined ? {} : { "content-type": ask.contentType ?? "application/json" }),
    ...keyOf(ask, env),
  };
  try {
    const limits = { signal, limitMs: 1000 * requestSeconds };
    const { status, text, contentType } = await exchange(baseUrl + path, { method, headers, body }, limits);
    return { status, text, contentType };
  } catch (error) {
    signal.throwIfAborted();
    throw new NoAnswer(wordsOf(error, requestSeconds), { cause: error });
  }
}

function keyOf({ key }: Ask, env: NodeJS.ProcessEnv): Record<string, string> {
  if (key === null) return {};
  return key === undefined ? authorization(env) : { authorization: `Bearer ${key}` };
}

function wordsOf(error: unknown, seconds: number): string {
  if (error instanceof BodyTooLarge) return error.message;
  if ((error as Error).name === "TimeoutError") return `no answer within ${seconds} s`;
  return `no answer: ${messageOf(error) || (error as NodeJS.ErrnoException).code || "the connection ended"}`;
}
