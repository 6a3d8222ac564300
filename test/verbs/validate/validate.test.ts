import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { validate } from "../../../src/verbs/registry.ts";
import { pitwall } from "../../support/cli.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const VALIDATORS = /Invalid|expected .*received|Unrecognized|Too (big|small)|✖|→/;

/** What validate says of one file, without the file's name. */
async function problemsOf(name: string, content: string): Promise<string[]> {
  await using folder = await createFixture({ [name]: content });
  const file = folder.getPath(name);
  const { ok, outputs } = await validate.run(validate.inputs.parse({ files: [file] }), recordingTools());
  const problems = outputs.problems as string[];
  expect(ok).toBe(problems.length === 0);
  expect(problems.join("\n")).not.toMatch(VALIDATORS);
  return problems.map((problem) => problem.slice(file.length + 1));
}

test("every mistake of a pitwall.yml is named at once, with its line", async () => {
  const config = `# A night.
engine: vlm
batch-size: 4
batch-sizes: 8-1
pairs:
  - "300:100"
  - 300x100
iterations: 0
experiments:
  axis:
    model: [a]
skip-site: perhaps
`;
  expect(await problemsOf("pitwall.yml", config)).toEqual([
    '2: engine: must be one of simulated, vllm, docker, kubernetes, remote; did you mean “vllm”? (got "vlm")',
    "3: batch-size: is no input; did you mean “batch-sizes”?",
    '4: batch-sizes: the range 8-1 ends before it starts; write 1-8 (got "8-1")',
    "7: pairs[1]: must be INPUT:OUTPUT, for example 300:100",
    "8: iterations: must be 1 or more (got 0)",
    "9: experiments.axes: is missing",
    "10: experiments.axis: is no known name; did you mean “axes”?",
    expect.stringMatching(/^12: skip-site: must be one of true, 1, yes, on, false, 0, no, off/),
  ]);
});

test("every mistake of a run document is named at once, with its line", async () => {
  const [cell] = sampleRun.cells;
  const run = {
    ...sampleRun,
    startedAt: "yesterday",
    outcome: "fail",
    extra: 1,
    cells: [cell, { ...cell, status: "skiped" }, { ...cell, id: "other/cell", params: { batchSize: [1] } }],
  };
  const text = JSON.stringify(run, null, 1);
  const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;
  const problems = await problemsOf("run.json", text);
  expect(problems).toContain(
    `${lineOf('"startedAt": "yesterday"')}: startedAt: must be a moment, as in 2026-11-22T06:45:01Z`,
  );
  expect(problems).toContain(
    `${lineOf('"outcome": "fail"')}: outcome: must be one of ok, failed, cancelled; did you mean “failed”?`,
  );
  expect(problems).toContain(
    `${lineOf('"status": "skiped"')}: cells[1].status: must be one of ok, failed, skipped; did you mean “skipped”?`,
  );
  expect(
    problems.find((problem) => problem.startsWith(`${lineOf('"extra": 1')}: extra: is no known name`)),
  ).toBeDefined();
  expect(
    problems.find((problem) => problem.startsWith(`${lineOf('"batchSize": [')}: cells[2].params.batchSize:`)),
  ).toBeDefined();
  expect(problems).toEqual(problems.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
});

test("all that contradicts itself in a run document of the right form is named", async () => {
  const [cell] = sampleRun.cells;
  const run = { ...sampleRun, finishedAt: "2020-01-01T00:00:00Z", cells: [cell, cell] };
  expect(await problemsOf("run.json", JSON.stringify(run, null, 1))).toEqual([
    expect.stringMatching(/^\d+: ended \(2020-01-01T00:00:00Z\) before it began/),
    expect.stringMatching(/^\d+: has the cell .* more than once$/),
  ]);
});

test.each([
  [
    "a record",
    "record.json",
    '{\n "schema": "pitwall.retraction/1",\n "run": "x",\n "at": 5\n}',
    ["3: run: must", "4: at: must be", "1: why: is missing"],
  ],
  ["JSON that ends too early", "run.json", '{\n "schema": "pitwall.run/1",\n', ["3: is not valid JSON: "]],
  ["JSON with a stray letter", "run.json", '{\n "schema": x}', ["2: is not valid JSON: Unexpected token"]],
  ["an unknown kind", "run.json", '{\n "schema": "pitwall.runs/1"}', ["2: schema: must be one of pitwall.run/1, "]],
  ["YAML of the wrong form", "pitwall.yml", 'engine: simulated\npairs: ["1:2"\nmodel: x\n', ["3: is not valid YAML: "]],
  ["a list for a map", "pitwall.yml", "- engine\n", ["1: must be a map of inputs, for example “engine: simulated”"]],
])("%s is named with its line", async (_, name, content, expected) => {
  const problems = await problemsOf(name, content);
  for (const text of expected) expect(problems.join("\n")).toContain(text);
});

test("through the command line the file and the line go first, and the exit code is 1", async () => {
  await using folder = await createFixture({ "a.yml": "iterations: 0\nwarmup: -1\n", "b.json": "{}" });
  const { exitCode, stderr } = await pitwall(["validate", "a.yml", "b.json", "c.yml"], folder.path);
  expect(stderr.trimEnd().split("\n")).toEqual([
    "error: a.yml:1: iterations: must be 1 or more (got 0)",
    "error: a.yml:2: warmup: must be 0 or more (got -1)",
    "error: b.json:1: schema: has no “schema” that names its kind",
    "error: c.yml: does not exist",
  ]);
  expect(exitCode).toBe(1);
});

test("a pitwall.yml that nobody wrote by hand is not read", async () => {
  expect(await problemsOf("pitwall.yml", `# ${"x".repeat(140_000)}`)).toEqual([
    " has more than 128 KiB; give lists in files of their own",
  ]);
});

test("of a document with very many mistakes the first hundred have their lines", async () => {
  const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, 1]));
  const problems = await problemsOf("run.json", JSON.stringify({ ...sampleRun, ...unknown }, null, 1));
  expect(problems).toHaveLength(101);
  expect(problems[0]).toMatch(/^1: has 4900 more names/);
  expect(problems[1]).toMatch(/^\d+: x0: is no known name/);
});
