import type { z } from "zod";
import type { SavedAnswers } from "../text/saved-answers.ts";
import { ApiError } from "./api-error.ts";

export interface Model {
  name: string;
  maxModelLen: number;
  /** What some prompts are answered with. */
  answers: SavedAnswers;
}

/** The body of a request by its schema. @throws ApiError in vLLM's wording */
export function parseBody<S extends z.ZodType<{ model?: string | null | undefined }>>(
  schema: S,
  text: string,
  model: Model,
): z.output<S> {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    throw new ApiError(400, "Bad Request", `${path === "" ? "body" : path}: ${issue?.message}`, path || null);
  }
  const name = parsed.data.model;
  if (name !== undefined && name !== null && name !== model.name) {
    const message = `The model \`${name}\` does not exist. Valid aliases: ${model.name}.`;
    throw new ApiError(404, "NotFoundError", message, "model");
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = `[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error', 'ctx': {'error': ${JSON.stringify(String(cause))}}}]`;
    throw new ApiError(400, "Bad Request", detail);
  }
}
