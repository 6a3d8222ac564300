import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { CLIENT_LIMITS } from "../../src/result/gate/client-limits.ts";
import { requestColumns } from "../../src/result/measure/request-columns.ts";
import { configKeys, VERBS } from "../../src/verbs/registry.ts";
import { words } from "../../src/verbs/schema/fields.ts";
import { parseConfig } from "../../src/verbs/schema/parse-config.ts";
import { kebabCase, resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import type { ServingInputs } from "../../src/verbs/serve-benchmark/inputs.ts";
import { planServing } from "../../src/verbs/serve-benchmark/plan.ts";
import { serveBenchmark } from "../../src/verbs/serve-benchmark/serve-benchmark.ts";
import { requestSamples } from "../support/request-samples.ts";
import { wholeProgram } from "../support/whole-program.ts";

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

/** Parses a command line as pitwall would, down to the cells that it plans, without doing the work. */
async function understand(args: string[]): Promise<void> {
  const program: Command = wholeProgram(async (verb, given) => {
    const inputs = resolveInputs(verb, given, {}, {});
    if (verb.name !== serveBenchmark.name) return;
    const serving = inputs as ServingInputs;
    // A reader's dataset is not here; its flags are understood all the same.
    if (serving.dataset.kind === "random") expect(await planServing(serving)).not.toHaveLength(0);
  });
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
    .filter(({ language, code }) => language === "yaml" && /^jobs:/m.test(code))
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

  const others = steps.filter(({ step }) => step.uses !== undefined && !step.uses.includes("/pitwall"));

  test.each(others)("$page: $step.uses is named by a commit", ({ step }) => {
    expect(step.uses).toMatch(/@[0-9a-f]{40}$/);
  });

  test.each(ours)("$page: $step.uses", ({ step }) => {
    const path = step.uses!.replace(/^[^/]+\/pitwall\/?/, "").replace(/@.*/, "");
    const action = parse(readFileSync(join(ROOT, path, "action.yml"), "utf8"));
    for (const key of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(key);
  });
});

describe("every pitwall.yml in the docs is valid", () => {
  const configs = snippets.filter(
    ({ language, code }) => language === "yaml" && /^(engine|images):/m.test(code) && !/^jobs:/m.test(code),
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

describe("pages about serving name what there is", () => {
  const text = (page: string) => readFileSync(join(ROOT, page), "utf8");
  const flags = [
    "config",
    "json",
    "quiet",
    "debug",
    ...VERBS.flatMap(({ inputs }) => Object.keys(inputs.shape).map(kebabCase)),
  ];
  const ofVllm = ["save-result", "save-detailed"];

  test.each(["docs/serving.md", "docs/metrics.md", "README.md"])("%s: every flag", (page) => {
    const named = [...text(page).matchAll(/`--([a-z-]+)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect([...flags, ...ofVllm]).toContain(name);
  });

  test("every limit of the client, with its default", () => {
    const rows = [...text("docs/metrics.md").matchAll(/^\| `([a-z-]+)` \| ([\d.]+) \|/gm)];
    expect(Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]))).toEqual(CLIENT_LIMITS);
  });
});

describe("every Python snippet", () => {
  const python = snippets.filter(({ language }) => language === "python");

  test.each(python)("$page: is Python, and reads columns that exist", ({ code }) => {
    const file = requestColumns(requestSamples([], 1));
    const known = [file, file.requests, file.tokens].flatMap((columns) => Object.keys(columns));
    for (const [, name] of code.matchAll(/\["(\w+)"\]/g)) expect(known).toContain(name);
    execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: code });
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
