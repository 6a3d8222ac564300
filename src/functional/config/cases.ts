import { parseDocument } from "yaml";
import type { Mistake } from "../../mistakes.ts";
import { CHAT_PATH, COMPLETIONS_PATH } from "../model/ask.ts";
import type { Case } from "../model/case.ts";
import { isGood, isRefused } from "./check.ts";
import type { FunctionalFile, SeedCase } from "./schema.ts";

/** A case of a file, and where it stands there. */
interface Placed {
  one: SeedCase;
  path: PropertyKey[];
}

/**
 * The cases of a file: those that are written out, the boundaries of its matrices (first and last value of one parameter
 * at a time) and its negative ones.
 * @param text of the file, for values as they are written
 * @returns what is wrong, too: an id that stands twice
 */
export function casesOfFile(file: FunctionalFile, text: string): { cases: Case[]; mistakes: Mistake[] } {
  const written = file.cases.map((one, at): Placed => ({ one, path: ["cases", at] }));
  const all = [...written, ...matrixCases(file, text), ...negativeCases(file)];
  const seen = new Set<string>();
  const mistakes = all.flatMap(({ one: { id }, path }): Mistake[] => {
    const isTwice = seen.has(id);
    seen.add(id);
    return isTwice ? [{ path, text: `has the id “${id}”, which another case has` }] : [];
  });
  return { cases: all.map(({ one }) => caseOf(one)), mistakes };
}

/** What the seed runs where its suite is off. */
export const SMOKE: Case = caseOf({
  ...{ id: "smoke_chat", type: "chat", messages: [{ role: "user", content: "Hello" }], params: { max_tokens: 16 } },
  ...{ expect_error: false, required_capabilities: [], skip_if_unsupported: true },
});

const TYPES = ["chat", "completions"] as const;

function matrixCases({ matrices }: FunctionalFile, text: string): Placed[] {
  const document = parseDocument(text, { uniqueKeys: false });
  return TYPES.flatMap((type) =>
    matrices[type].flatMap(({ id_prefix, params_grid, params, ...rest }, at) =>
      Object.entries(params_grid).flatMap(([name, values]) =>
        [...new Set([0, values.length - 1])].map((index) => {
          const path = ["matrices", type, at, "params_grid", name, index];
          const id = `${id_prefix}_${name}_${pythonText(values[index], document.getIn(path, true))}`;
          return { one: { ...rest, type, id, params: { ...params, [name]: values[index] } } as SeedCase, path };
        }),
      ),
    ),
  );
}

function negativeCases({ negative }: FunctionalFile): Placed[] {
  return TYPES.flatMap((type) =>
    negative[type].flatMap(({ id_prefix, params_list, params, ...rest }, at) =>
      params_list.map((more, index) => {
        const one = { ...rest, type, id: `${id_prefix}_${index}`, params: { ...params, ...more } } as SeedCase;
        return { one, path: ["negative", type, at, "params_list", index] };
      }),
    ),
  );
}

/** A value as the seed's Python writes it in an id: `0.0` stays what it was in the file, `true` is `True`. */
function pythonText(value: unknown, node: unknown): string {
  const source = (node as { source?: unknown } | undefined)?.source;
  const text =
    typeof value === "boolean"
      ? value
        ? "True"
        : "False"
      : value === null
        ? "None"
        : typeof value === "string"
          ? value
          : typeof value === "number"
            ? String(source ?? value)
            : JSON.stringify(value);
  return text.replaceAll(" ", "_");
}

function caseOf(one: SeedCase): Case {
  const { id, type, params, expect_error, required_capabilities, skip_if_unsupported } = one;
  const asked = one.type === "chat" ? { messages: one.messages } : { prompt: one.prompt };
  return {
    ...{ id, title: expect_error ? "is refused with HTTP 4xx" : "is answered", severity: "must", endpoint: type },
    needs: skip_if_unsupported ? required_capabilities : [],
    asks: [
      {
        method: "POST",
        path: type === "chat" ? CHAT_PATH : COMPLETIONS_PATH,
        body: { ...asked, ...params },
        thinks: "by itself",
      },
    ],
    check: expect_error ? isRefused : isGood,
  };
}
