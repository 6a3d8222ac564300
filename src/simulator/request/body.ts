import type { SavedAnswers } from "../text/saved-answers.ts";
import { ApiError } from "./api-error.ts";
import { type Dictionary, type Issue, isDictionary, type Reader } from "./fields.ts";

export interface Model {
  name: string;
  maxModelLen: number;
  /** Whether it reasons unless it is told not to. */
  reasons: boolean;
  /** What some prompts are answered with. */
  answers: SavedAnswers;
}

/** A body that is a map. @throws ApiError in vLLM's wording */
export function parseBody(text: string): Dictionary {
  const value = parseJson(text);
  if (isDictionary(value)) return value;
  if (value === null) throw invalid([{ type: "missing", loc: "body", msg: "Field required", input: null }]);
  const msg = "Input should be a valid dictionary or object to extract fields from";
  throw invalid([{ type: "model_attributes_type", loc: "body", msg, input: value }]);
}

/** The known fields of a body, for this model. @throws ApiError in vLLM's wording */
export function readBody<T extends { model?: string | null }>(body: Dictionary, reader: Reader<T>, model: Model): T {
  const issues: Issue[] = [];
  const read = reader(body, "body", issues);
  if (issues.length > 0) throw invalid(issues);
  const { model: name } = read;
  // vLLM takes an empty name for none.
  if (name === undefined || name === null || name === "" || name === model.name) return read;
  const message = `The model \`${name}\` does not exist. Valid aliases: ${model.name}.`;
  throw new ApiError(404, "NotFoundError", message, "model");
}

/** As many as vLLM tells of. */
const MOST_ISSUES = 10;

export function invalid(issues: readonly Issue[]): ApiError {
  const label = (count: number) => (count === 1 ? "error" : "errors");
  const lines = issues.slice(0, MOST_ISSUES).map((issue) => `  ${issueText(issue)}`);
  const more = issues.length - lines.length;
  if (more > 0) lines.push(`  ...and ${more} more ${label(more)}`);
  const message = [`${issues.length} validation ${label(issues.length)}:`, ...lines].join("\n");
  return new ApiError(400, "Bad Request", message, issues[0]?.loc ?? null);
}

/** A Python dictionary. */
function issueText({ type, loc, msg, input, ctx }: Issue): string {
  const pairs = { type, loc, msg, input: inputText(input) };
  const list = Object.entries(pairs).map(([key, value]) => `'${key}': ${pythonText(value)}`);
  if (ctx !== undefined) {
    const inner = Object.entries(ctx).map(([k, v]) => `'${k}': ${typeof v === "string" ? pythonText(v) : v}`);
    list.push(`'ctx': {${inner.join(", ")}}`);
  }
  return `{${list.join(", ")}}`;
}

const LONGEST_INPUT = 200;

function inputText(input: unknown): string {
  if (input === null || input === undefined) return "None";
  if (typeof input === "boolean") return input ? "True" : "False";
  if (Array.isArray(input)) return `<list of ${input.length} items>`;
  if (isDictionary(input)) return `<dict of ${Object.keys(input).length} items>`;
  const words = String(input);
  return words.length > LONGEST_INPUT ? `${words.slice(0, LONGEST_INPUT)}...[truncated]` : words;
}

/** As Python's `repr` quotes it. */
function pythonText(words: string): string {
  const quote = words.includes("'") && !words.includes('"') ? '"' : "'";
  return quote + words.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(quote, `\\${quote}`) + quote;
}

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const position = /position (\d+)/.exec(String(cause))?.[1] ?? String(text.length);
    const error = "Expecting value";
    const issue = {
      type: "json_invalid",
      loc: `body.${position}`,
      msg: "JSON decode error",
      input: {},
      ctx: { error },
    };
    throw invalid([issue]);
  }
}
