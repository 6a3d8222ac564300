import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildProgram } from "../../src/cli/program.ts";
import { words } from "../../src/verbs/fields.ts";
import { configKeys, VERBS } from "../../src/verbs/registry.ts";
import { kebabCase, parseConfig, resolveInputs } from "../../src/verbs/resolve-inputs.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGES = globSync(["*.md", "docs/*.md", "actions/*/README.md"], { cwd: ROOT });
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

interface Snippet {
  page: string;
  language: string;
  code: string;
}
const snippets: Snippet[] = PAGES.flatMap((page) =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, code]) => ({
    page,
    language: language!,
    code: code!,
  })),
);
const commands = snippets
  .filter(({ language }) => language === "sh" || language === "bash")
  .flatMap(({ page, code }) =>
    code
      .split("\n")
      .flatMap((line) => line.split("&&"))
      .map((line) => ({ page, line: line.replace(/#.*/, "").trim() })),
  )
  .filter(({ line }) => line !== "");

/** Parses a command line as pitwall would, down to typed inputs, without doing the work. */
async function understand(args: string[]): Promise<void> {
  const program: Command = buildProgram(VERBS, "0", async (verb, given) => void resolveInputs(verb, given, {}, {}));
  await program.parseAsync(["node", "pitwall", ...args]);
}

test("there are commands and workflows in the docs to check", () => {
  expect(commands.length).toBeGreaterThan(8);
  expect(snippets.filter(({ language }) => language === "yaml").length).toBeGreaterThan(2);
});

describe("every command in the docs is understood", () => {
  test.each(commands)("$page: $line", async ({ line }) => {
    const [program, ...args] = words("line").parse(line) as string[];
    if (program === "npm" && args[0] === "ci") return expect(existsSync(join(ROOT, "package-lock.json"))).toBe(true);
    if (program === "npm") return expect(scripts).toHaveProperty([args[0] === "run" ? args[1]! : args[0]!]);
    expect([program, args[0]]).toEqual(["npx", "pitwall"]);
    await understand(args.slice(1));
  });
});

describe("every workflow in the docs uses actions and inputs that exist", () => {
  const steps = snippets
    .filter(({ language, code }) => language === "yaml" && code.includes("jobs:"))
    .flatMap(({ page, code }) =>
      Object.values<{ steps?: Step[] }>(parse(code).jobs).flatMap((job) =>
        (job.steps ?? []).map((step) => ({ page, step })),
      ),
    );
  interface Step {
    uses?: string;
    with?: Record<string, unknown>;
  }
  const ours = steps.filter(({ step }) => step.uses?.includes("/pitwall"));

  test.each(ours)("$page: $step.uses", ({ step }) => {
    const path = step.uses!.replace(/^[^/]+\/pitwall\/?/, "").replace(/@.*/, "");
    const action = parse(readFileSync(join(ROOT, path, "action.yml"), "utf8"));
    for (const key of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(key);
  });
});

describe("every pitwall.yml in the docs is valid", () => {
  const configs = snippets.filter(
    ({ language, code }) => language === "yaml" && /^engine:/m.test(code) && !code.includes("jobs:"),
  );

  test.each(configs)("$page", ({ page, code }) => {
    const values = parseConfig(code, page, configKeys);
    for (const verb of VERBS) {
      const known = Object.keys(verb.inputs.shape).map(kebabCase);
      const own = Object.fromEntries(Object.entries(values).filter(([key]) => known.includes(key)));
      if (Object.keys(own).length > 0) resolveInputs(verb, {}, {}, own);
    }
  });
});

describe("every link between pages leads somewhere", () => {
  const links = PAGES.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, target]) => ({ page, target: target! }),
    ),
  );

  test.each(links)("$page → $target", ({ page, target }) => {
    expect(existsSync(join(ROOT, dirname(page), target))).toBe(true);
  });
});
