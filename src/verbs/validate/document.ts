import { z } from "zod";
import { checked } from "../../checked.ts";
import { schemaName } from "../../database/document/parse-document.ts";
import { KINDS } from "../../database/records/kinds.ts";
import { messageOf } from "../../errors.ts";
import { choiceWords, type Mistake, mistakesOf } from "../../mistakes.ts";
import { inconsistencies } from "../../result/checks/inconsistencies.ts";
import { overfull } from "../../result/checks/overfull.ts";
import { Cell } from "../../result/document/cell.ts";
import { EngineRecord } from "../../result/document/engine-record.ts";
import { Run } from "../../result/document/run.ts";
import { atLines, type Problem } from "../../yaml/problem.ts";
import { jsonLinesOf } from "./json-lines-of.ts";

const BRANCH_SCHEMAS = new Map<string, z.ZodType>(
  Object.values(KINDS).map(({ format }) => [schemaName(format), format.schema]),
);
/** Those of a working folder hold what was measured, number by number. */
const SCHEMAS = new Map<string, z.ZodType>([
  ...BRANCH_SCHEMAS,
  ["pitwall.cell/1", Cell],
  ["pitwall.engine/1", EngineRecord],
]);
const Marked = z.looseObject({ schema: z.string({ error: "has no “schema” that names its kind" }) });

/** @returns what a JSON document is, in a few words, or every mistake of it */
export function checkDocument(text: string): string | Problem[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return [syntaxProblem(text, messageOf(cause))];
  }
  const marked = Marked.safeParse(value);
  if (!marked.success) return placed(mistakesOf(marked.error), text);
  const { schema } = marked.data;
  const known = SCHEMAS.get(schema);
  if (known === undefined) return placed([{ path: ["schema"], text: choiceWords([...SCHEMAS.keys()], schema) }], text);
  const most = BRANCH_SCHEMAS.has(schema) ? overfull(value) : undefined;
  if (most !== undefined) return placed([most], text);
  const parsed = checked(known, value);
  if (!parsed.success) return placed(mistakesOf(parsed.error), text);
  const contradictions = known === Run ? inconsistencies(parsed.data as Run) : [];
  if (contradictions.length === 0) return `a good ${schema}`;
  const { lineOf } = jsonLinesOf(text);
  return contradictions.map(({ path, text: problem }) => ({ line: lineOf(path), text: problem }));
}

const placed = (mistakes: Mistake[], text: string) => atLines(mistakes, jsonLinesOf(text));

/** Where the parser stopped; a text that ends too early, at its end. */
function syntaxProblem(text: string, message: string): Problem {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
  const reason = message.split(" in JSON at position", 1)[0];
  return { line: before.split("\n").length, text: `is not valid JSON: ${reason}` };
}
