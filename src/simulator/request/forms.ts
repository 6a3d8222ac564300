import type { Form } from "../text/form/forms.ts";
import { type ApiError, badRequest } from "./api-error.ts";
import type { CommonFields } from "./common-fields.ts";

/** What a request binds its answer to; null when to nothing. @throws ApiError in vLLM's wording */
export function formOf({ response_format: format, structured_outputs: outputs }: CommonFields): Form | null {
  const forms = [outputs === null || outputs === undefined ? [] : ownForms(outputs), formsOfFormat(format)].flat();
  if (forms.length > 1) throw kindsError("multiple");
  if (forms.length === 0 && isGiven(outputs)) throw kindsError("none");
  if (forms.length === 0 && format?.type === "json_schema") throw kindsError("none");
  return forms[0] ?? null;
}

function ownForms({
  json,
  regex,
  choice,
  json_object: object,
}: NonNullable<CommonFields["structured_outputs"]>): Form[] {
  const forms: Form[] = [];
  if (isGiven(json)) forms.push({ kind: "schema", schema: typeof json === "string" ? parsedSchema(json) : json });
  if (isGiven(regex)) forms.push({ kind: "pattern", pattern: regex });
  if (isGiven(choice)) {
    if (choice.length === 0) throw badRequest("Choice '[]' cannot be an empty list");
    forms.push({ kind: "choice", choices: choice });
  }
  if (object === true) forms.push({ kind: "object" });
  return forms;
}

function formsOfFormat(format: CommonFields["response_format"]): Form[] {
  if (format?.type === "json_object") return [{ kind: "object" }];
  const schema = format?.type === "json_schema" ? format.json_schema?.schema : null;
  return isGiven(schema) ? [{ kind: "schema", schema }] : [];
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function parsedSchema(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("Invalid JSON grammar specification.");
  }
}

function kindsError(count: "none" | "multiple"): ApiError {
  const [verb, end] = count === "none" ? ["must", "none"] : ["can only", "multiple"];
  return badRequest(`You ${verb} use one kind of structured outputs constraint but ${end} are specified`);
}
