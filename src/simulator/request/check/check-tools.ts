import type { Tool, ToolChoice } from "../../text/tool-calls.ts";
import { badRequest } from "../api-error.ts";
import {
  bool,
  type Dictionary,
  dictionary,
  isDictionary,
  listOf,
  literal,
  model,
  nullable,
  type Read,
  text,
} from "../fields.ts";

const FunctionOfTool = model(
  { name: text, description: nullable(text), parameters: nullable(dictionary), strict: nullable(bool) },
  ["name"],
);
export const Tools = listOf(model({ type: literal("function"), function: FunctionOfTool }, ["function"]));

/** What vLLM checks of tools before it looks at types. @throws ApiError in its wording */
export function checkTools({ tools, tool_choice: choice, structured_outputs: outputs }: Dictionary): void {
  if (Array.isArray(tools) && tools.length === 0) {
    const hint = "Either provide at least one tool or omit the field entirely.";
    throw badRequest(`\`tools\` must not be an empty array. ${hint}`, "tools", null);
  }
  if (isDictionary(outputs) && isDictionary(choice)) {
    throw badRequest("You can only either use constraints for structured outputs or tools, not both.");
  }
  if (choice === undefined || choice === null || choice === "none") return;
  if (tools === undefined || tools === null) {
    throw badRequest("When using `tool_choice`, `tools` must be set.", "tool_choice", null);
  }
  if (isDictionary(choice)) checkNamedTool(choice, tools);
  else if (choice !== "auto" && choice !== "required") {
    const message = `Invalid value for \`tool_choice\`: ${choice}! Only named tools, "none", "auto" or "required" are supported.`;
    throw badRequest(message, "tool_choice", null);
  }
}

const USAGE = '`tool_choice`! Correct usage: `{"type": "function", "function": {"name": "my_function"}}`';

function checkNamedTool(choice: Dictionary, tools: unknown): void {
  const { function: named } = choice;
  if (!isDictionary(named)) {
    throw badRequest(`Invalid value for \`function\`: \`None\` in ${USAGE}`, "tool_choice.function", null);
  }
  if (named.name === undefined) {
    throw badRequest(`Expected field \`name\` in \`function\` in ${USAGE}`, "tool_choice.function.name", null);
  }
  if (typeof named.name !== "string" || named.name === "") {
    const message = `Invalid \`name\` in \`function\`: \`${named.name}\` in ${USAGE}`;
    throw badRequest(message, "tool_choice.function.name", null);
  }
  const nameOf = (tool: unknown) => isDictionary(tool) && isDictionary(tool.function) && tool.function.name;
  if (Array.isArray(tools) && tools.some((tool) => nameOf(tool) === named.name)) return;
  const message = "The tool specified in `tool_choice` does not match any of the specified `tools`";
  throw badRequest(message, "tool_choice", null);
}

/** The tools in the form of those who call them. */
export function toolsOf(tools: Read<typeof Tools> | null | undefined): Tool[] {
  return (tools ?? []).map((tool) => {
    const { name = "", parameters } = tool.function ?? {};
    return { name, parameters: parameters ?? null };
  });
}

/** @param choice one that {@link checkTools} let pass */
export function toolChoiceOf(choice: unknown, tools: readonly Tool[]): ToolChoice {
  if (isDictionary(choice)) return { kind: "named", name: String((choice.function as Dictionary).name) };
  if (choice === "required") return { kind: "required" };
  if (tools.length === 0 || choice === "none" || choice === null) return { kind: "none" };
  return { kind: "auto" };
}
