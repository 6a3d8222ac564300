import { readFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { comparePatches } from "../../../src/verbs/compare-patches/compare-patches.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { ANALYSES, MAPPING, PUBLISHED, resultsIn } from "../../support/patches/iso-bench.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const inputs = (given: Record<string, unknown>) => resolveInputs(comparePatches, given, {}, {}, () => undefined);
const published = { mapping: MAPPING, analysis: ANALYSES, results: PUBLISHED.map(([, folder]) => resultsIn(folder)) };

describe("a report on results that are there", () => {
  test("is printed, and written as Markdown, JSON and CSV", async () => {
    await using folder = await createFixture({});
    const output = folder.getPath("report");
    const { ok, outputs, text, json } = await comparePatches.run(inputs({ ...published, output }), recordingTools());
    expect({ ok, outputs }).toEqual({
      ok: true,
      outputs: { commits: 96, complete: 22, wins: 6, report: `${output}/report.json` },
    });
    expect(text).toMatch(/e3580537 │ neuralmagic\/Meta-Llama-3-8B-Instruct-FP8 +│ agent wins +│ undecided .* \+24\.4%/);
    expect(text).toMatch(/35fad35a │ .* │ agent CRASHED +│ arm_failed/);
    const read = (name: string) => readFileSync(`${output}/${name}`, "utf8");
    expect(JSON.parse(read("report.json"))).toEqual(JSON.parse(JSON.stringify(json)));
    expect(read("report.md")).toContain(
      "| e3580537 | neuralmagic/Meta-Llama-3-8B-Instruct-FP8 | agent wins | undecided |",
    );
    expect(read("report.md")).toContain("- `35fad35a` agent: arm_failed: failure of the image");
    const lines = read("report.csv").trimEnd().split("\n");
    expect(lines).toHaveLength(97);
    expect(lines.find((line) => line.startsWith("e3580537"))).toContain(
      ",complete,agent,agent_wins,undecided,output_throughput_tok_s,,2496.89,3107,",
    );
  });

  test("lists incomplete commits apart, each with its category and why", async () => {
    await using folder = await createFixture({});
    const { text } = await comparePatches.run(inputs({ ...published, output: folder.path }), recordingTools());
    const [, incomplete] = text!.split("\nIncomplete\n");
    expect(incomplete).toContain("\nb6d10354 large_model: Llama-2-70b-hf - too large for single GPU\n");
    expect(incomplete).toMatch(/\nd7740ea4 image_missing: no image of agent\n/);
    expect(incomplete).not.toContain("e3580537");
  });

  test("of some commits is theirs alone", async () => {
    await using folder = await createFixture({});
    const given = { ...published, output: folder.path, commits: ["e3580537", "015069"] };
    const { outputs, json } = await comparePatches.run(inputs(given), recordingTools());
    expect(outputs).toMatchObject({ commits: 2, complete: 2 });
    expect((json as { commits: { short: string }[] }).commits.map(({ short }) => short)).toEqual([
      "015069b0",
      "e3580537",
    ]);
  });

  test("without a mapping takes the commits that the results are of", async () => {
    await using folder = await createFixture({});
    const { outputs } = await comparePatches.run(
      inputs({ results: published.results, output: folder.path }),
      recordingTools(),
    );
    expect(outputs).toMatchObject({ commits: 52 });
  });

  test("of several agents names each, and the same name again is another attempt", async () => {
    await using folder = await createFixture({});
    const results = [
      `claude=${resultsIn("separate_agent")}`,
      `claude=${resultsIn("combined")}`,
      resultsIn("separate_baseline"),
    ];
    const { outputs, json } = await comparePatches.run(
      inputs({ ...published, results, output: folder.path }),
      recordingTools(),
    );
    expect(outputs.wins).toBe(7);
    const { commits } = json as { commits: { short: string; attempts: { agent: string }[] }[] };
    expect(commits.find(({ short }) => short === "e3580537")!.attempts.map(({ agent }) => agent)).toEqual([
      "claude",
      "claude",
    ]);
  });
});

test("a result of the same first digits and another commit is left out: ISO-Bench has one", async () => {
  await using folder = await createFixture({});
  const tools = recordingTools();
  await comparePatches.run(inputs({ ...published, output: folder.path }), tools);
  expect(tools.said).toEqual([expect.stringMatching(/left out, like .*9badee53_baseline_result\.json$/)]);
});

test("results of commits that the mapping does not have are said to be left out", async () => {
  await using folder = await createFixture({
    "results/0123abcd_human_result.json": JSON.stringify({ status: "success", throughput_tok_s: 5 }),
  });
  const tools = recordingTools();
  await comparePatches.run(
    inputs({ mapping: MAPPING, results: [folder.getPath("results")], output: folder.getPath("out") }),
    tools,
  );
  expect(tools.said).toEqual([
    expect.stringMatching(/^warning: 1 result of commits that the mapping does not have are left out, like .*0123abcd/),
  ]);
});

describe("what cannot be reported on is refused, and nothing is written", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["a folder that is not there", { results: ["/nowhere/results"] }, "/nowhere/results could not be read"],
    ["a commit that nobody has", { commits: ["ffffffff"] }, "did you mean"],
    ["a mapping in no known shape", { mapping: ANALYSES[1] }, "does not have the expected form"],
    ["an analysis in no known shape", { analysis: [MAPPING] }, "does not have the expected form"],
  ])("%s", async (_, change, words) => {
    await using folder = await createFixture({});
    const output = folder.getPath("out");
    const run = comparePatches.run(inputs({ ...published, output, ...change }), recordingTools());
    await expect(run).rejects.toThrow(words);
    expect(() => readFileSync(output)).toThrow("ENOENT");
  });

  test("nothing to report on", async () => {
    await expect(comparePatches.run(inputs({}), recordingTools())).rejects.toThrow("--results DIR");
  });

  test("a name without a folder, and a margin of nothing", () => {
    expect(() => inputs({ results: ["claude="] })).toThrow("NAME=DIR");
    expect(() => inputs({ margin: "0" })).toThrow("share above 0");
    expect(inputs({ results: ["a/b=c", "x=a=b"] }).results).toEqual([
      { agent: undefined, folder: "a/b=c" },
      { agent: "x", folder: "a=b" },
    ]);
  });
});
