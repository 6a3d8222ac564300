import { z } from "zod";
import { excerpt, jsonOrNull, type Page } from "../../engine/server/page.ts";

/** What a server answered to a sample: a text, or nothing that can be graded. */
export type Answer =
  | { kind: "answered"; text: string; truncated?: true }
  | { kind: "unanswered"; why: Unanswered; detail: string };

const UNANSWERED = {
  unreachable: "The server could not be reached, or broke off.",
  timeout: "No answer came within the limit.",
  http_error: "The server answered with an HTTP error.",
  not_json: "The answer is no JSON object.",
  error_body: "HTTP 200, but the body is an error.",
  no_choices: "HTTP 200 without choices.",
  no_text: "The choice has no text: its content is null, or a tool call.",
  empty: "The choice's text is empty, and the server did not say that the model ended it.",
  only_reasoning: "The limit of tokens ended it within the reasoning, before an answer.",
  aborted: "The server says that it broke off.",
  not_asked: "The server was gone before this sample was asked.",
} as const satisfies Record<string, string>;
export type Unanswered = keyof typeof UNANSWERED;

const Choice = z.object({
  finish_reason: z.string().nullish().catch(null),
  text: z.unknown().optional(),
  message: z.object({ content: z.unknown().optional() }).nullish().catch(null),
});
const Body = z.object({ error: z.unknown().optional(), choices: z.array(Choice).nullish().catch(null) });

/** What an HTTP answer says. Pure. */
export const answerIn = (page: Page): Answer => answersIn(page)[0]!;

/** The same of each of its choices; where it has none, that alone. At least one. */
export function answersIn({ status, text }: Page): Answer[] {
  if (status !== 200) return [unanswered("http_error", `HTTP ${status}: ${excerpt(text)}`)];
  const body = Body.safeParse(jsonOrNull(text)).data;
  if (body === undefined) return [unanswered("not_json", excerpt(text))];
  if (body.error !== undefined && body.error !== null) return [unanswered("error_body", excerpt(text))];
  const choices = body.choices ?? [];
  return choices.length === 0 ? [unanswered("no_choices", excerpt(text))] : choices.map(answerOf);
}

function answerOf({ finish_reason: reason, text, message }: z.infer<typeof Choice>): Answer {
  const content = message?.content ?? text;
  const ended = `finish_reason ${JSON.stringify(reason ?? null)}`;
  if (reason === "abort" || reason === "error") return unanswered("aborted", ended);
  if (typeof content !== "string")
    return unanswered("no_text", `its text is ${excerpt(JSON.stringify(content ?? null))}, ${ended}`);
  const said = withoutReasoning(content);
  if (said === undefined) return unanswered("only_reasoning", ended);
  if (said.trim() === "" && reason !== "stop") return unanswered("empty", ended);
  return { kind: "answered", text: said, ...(reason === "length" ? { truncated: true } : {}) };
}

/**
 * What stands behind the reasoning of a server that does not set it apart.
 * @returns undefined for reasoning without an end
 */
function withoutReasoning(content: string): string | undefined {
  const end = content.lastIndexOf("</think>");
  if (end >= 0) return content.slice(end + "</think>".length);
  return content.trimStart().startsWith("<think>") ? undefined : content;
}

export type NoAnswer = Extract<Answer, { kind: "unanswered" }>;

export const unanswered = (why: Unanswered, detail: string): NoAnswer => ({ kind: "unanswered", why, detail });
