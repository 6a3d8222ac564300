import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { Tools } from "../../src/tools.ts";
import { words } from "../../src/verbs/schema/fields.ts";
import { resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import type { Outcome } from "../../src/verbs/verb.ts";
import { wholeProgram } from "./whole-program.ts";

/** The commands in a page's shell snippets, a line each. */
export function documented(page: string): string[] {
  const text = readFileSync(join(PACKAGE_ROOT, page), "utf8");
  const snippets = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
  return snippets.flatMap((code) => code.split("\n")).filter((line) => line !== "");
}

/** Does what a command line of a page says, in this process. */
export async function runDocumented(line: string, tools: Tools): Promise<Outcome> {
  const [, , ...args] = words("line").parse(line) as string[];
  let result: Promise<Outcome> | undefined;
  const program = wholeProgram(async (verb, given) => {
    result = verb.run(resolveInputs(verb, given, {}, {}), tools);
  });
  await program.parseAsync(["node", "pitwall", ...args]);
  return await result!;
}
