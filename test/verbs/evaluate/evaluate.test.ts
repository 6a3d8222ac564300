import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { provideVenv } from "../../../src/evaluate/runtime/local/venv.ts";
import { runCommand } from "../../../src/machine/command.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import { evaluate } from "../../../src/verbs/evaluate/evaluate.ts";
import { EvaluateInputs } from "../../../src/verbs/evaluate/inputs.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { ADD, smallEvaluation, VENVS, WRONG_FIX, ZERO } from "../../support/evaluate/small-evaluation.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const inputs = (given: Record<string, unknown>) => resolveInputs(evaluate, given, {}, {}, () => undefined);

const SPECS = join(PACKAGE_ROOT, "test/fixtures/infra-gym/version_specs.json");

/** A dataset of one instance of the small repository, in SWE-bench's form. */
async function smallDataset() {
  const at = await smallEvaluation();
  const { baseCommit: base_commit, testPatch: test_patch, goldPatch: patch } = at.instance();
  const lists = { FAIL_TO_PASS: [ADD], PASS_TO_PASS: [ZERO] };
  const entry = {
    instance_id: "small-1",
    repo: "owner/small",
    version: "0.5.0",
    base_commit,
    patch,
    test_patch,
    ...lists,
  };
  const file = (name: string, value: unknown) => {
    const path = at.fixture.getPath(name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const dataset = file("dataset.json", [entry]);
  const local = { dataset, runtime: "local", source: at.origin, output: at.output };
  return { at, entry, file, local, [Symbol.asyncDispose]: () => at.fixture.rm() };
}

describe("an evaluation", () => {
  test("of the dataset's own patch resolves it, and is good", async () => {
    await using place = await smallDataset();
    const { ok, outputs, text } = await evaluate.run(inputs(place.local), recordingTools());
    expect({ ok, outputs }).toEqual({
      ok: true,
      outputs: expect.objectContaining({ instances: 1, resolved: 1, notResolved: [], results: place.at.output }),
    });
    expect(text).toContain("1/1 (100.0%)");
    expect(existsSync(join(place.at.output, "gold/small-1/evidence.json"))).toBe(true);
  });

  test("of a model's wrong patch, and of none, is not good, and says which and why", async () => {
    await using place = await smallDataset();
    const patch = place.at.patch(WRONG_FIX);
    const answer = (model: string, model_patch: string) => ({
      instance_id: "small-1",
      model_name_or_path: model,
      model_patch,
    });
    const predictions = place.file("predictions.json", [answer("wrong", patch), answer("none", "")]);
    const { ok, text } = await evaluate.run(inputs({ ...place.local, predictions: [predictions] }), recordingTools());
    expect(ok).toBe(false);
    expect(text).toMatch(/wrong +│ small-1 +│ unresolved/);
    expect(text).toMatch(/none +│ small-1 +│ unresolved/);
  });

  test("leaves grades, sums and reports, and a dataset with lists, which can be graded again without running anything", async () => {
    await using place = await smallDataset();
    const mergeInto = place.at.fixture.getPath("merged.json");
    const { text } = await evaluate.run(inputs({ ...place.local, mergeInto }), recordingTools());
    expect(text).toContain("Total instances evaluated: 1\nAll tests passing: 1/1 (100.0%)\n");
    expect(JSON.parse(readFileSync(mergeInto, "utf8"))).toMatchObject([{ FAIL_TO_PASS: JSON.stringify([ADD]) }]);
    for (const name of ["report.md", "report.html", "benchmark_results.json", "gold/small-1/result.json"])
      expect(existsSync(join(place.at.output, name))).toBe(true);
    const document = join(place.at.output, "gold/run.json");
    const published = readFileSync(document, "utf8");
    rmSync(document);
    const again = await evaluate.run(inputs({ task: ["report", place.at.output] }), recordingTools());
    expect(again.text).toContain("every grade is as it was stored");
    expect(again.outputs).toMatchObject({ instances: 1, resolved: 1, notResolved: [], runFiles: [document] });
    expect(readFileSync(document, "utf8")).toBe(published);
  });

  test("with --demo shows a model that mends the defect and one that does not", async () => {
    await using fixture = await createFixture({});
    const output = fixture.getPath("out");
    const { ok, text } = await evaluate.run(inputs({ demo: true, output }), recordingTools());
    expect(ok).toBe(true);
    expect(text).toMatch(/model-a .* resolved/);
    expect(text).toMatch(/model-b .* unresolved/);
  });
});

test("an evaluation that is ended early shows what is done, and is no success", async () => {
  await using place = await smallDataset();
  const { entry } = place;
  const hangs = place.at.patch({ "tests/test_calc.py": "import time\n\n\ndef test_add():\n    time.sleep(600)\n" });
  await evaluate.run(inputs(place.local), recordingTools());
  const dataset = place.file("two.json", [entry, { ...entry, instance_id: "small-2", test_patch: hangs }]);
  const controller = new AbortController();
  const lines: string[] = [];
  const tools = recordingTools({ signal: controller.signal });
  const info = (line: string) => {
    lines.push(line);
    if (line.startsWith("gold small-1")) setTimeout(() => controller.abort(new Error("ended")), 2000);
  };
  const run = evaluate.run(inputs({ ...place.local, dataset }), { ...tools, report: { ...tools.report, info } });
  await expect(run).rejects.toThrow("ended");
  expect(existsSync(join(place.at.output, "run.json"))).toBe(false);
  expect(lines.at(-2)).toBe("ended early: 1 finished, which --resume takes as they are");
  expect(lines.at(-1)).toMatch(/gold +│ small-1 +│ resolved/);
  expect(lines.at(-1)).not.toContain("small-2");
});

test("a dry run says what an instance is made of, and the commands", async () => {
  await using place = await smallDataset();
  const given = { ...place.local, runtime: "docker", image: "infra-gym:v0.5", dryRun: true, skipSetup: true };
  const { text } = await evaluate.run(
    inputs(given),
    recordingTools({ env: { ...process.env, PITWALL_DOCKER: "docker" } }),
  );
  expect(text).toContain("# version: 0.5.0\n");
  expect(text).toContain(`# commit: ${place.entry.base_commit}\n`);
  expect(text).toContain("# image: infra-gym:v0.5\n");
  expect(text!.split("\n").filter((line) => line.startsWith("docker run "))).toHaveLength(2);
  const patch = join(place.at.output, "patches/small-1.gold.patch");
  expect(readFileSync(patch, "utf8")).toBe(place.entry.patch);
  expect(text).toContain(`apply ${patch} `);
});

test("a dry run of models' patches shows theirs, and names proxies without their passwords", async () => {
  await using place = await smallDataset();
  const answer = { instance_id: "small-1", model_name_or_path: "org/m", model_patch: place.at.patch(WRONG_FIX).trim() };
  const predictions = [place.file("predictions.json", [answer])];
  const given = { ...place.local, predictions, dryRun: true, skipSetup: true, httpProxy: "http://me:word@proxy:1" };
  const { text } = await evaluate.run(inputs(given), recordingTools());
  expect(text).toMatch(/^# with the proxies of pitwall\.yml or the command line in http_proxy, HTTP_PROXY\n/);
  expect(text).toMatch(/# with the patch of org_m-[0-9a-f]{8}:\n/);
  expect(text).not.toMatch(/word|gold/);
});

test("the commands of a dry run do what they say, pasted into a shell", async () => {
  await using place = await smallDataset();
  const given = { ...place.local, dryRun: true, skipSetup: true, output: place.at.fixture.getPath("a b$c") };
  const { text } = await evaluate.run(inputs(given), recordingTools());
  const python = await provideVenv({ venvs: VENVS, requirements: ["pytest", "pytest-timeout"] }, recordingTools());
  const env = { ...process.env, PATH: `${dirname(python)}:${process.env.PATH}` };
  const { stdout } = await runCommand("/bin/sh", ["-c", text!], { env });
  expect(stdout).toMatch(/1 failed, 1 passed[\s\S]*2 passed/);
});

describe("what cannot be evaluated is refused before anything runs", () => {
  const refused = async (change: Record<string, unknown>) => {
    await using place = await smallDataset();
    const dataset = (change.dataset as ((p: typeof place) => string) | undefined)?.(place) ?? place.local.dataset;
    await evaluate.run(inputs({ ...place.local, ...change, dataset }), recordingTools());
  };

  test.each<[string, Record<string, unknown>, string | RegExp]>([
    ["an unknown id", { instances: ["small-2"] }, "did you mean “small-1”"],
    ["a repository that is not there", { source: "/nowhere" }, "neither a folder nor a URL"],
    ["a file on another host", { source: "file://elsewhere/vllm" }, "neither a folder nor a URL"],
    [
      "an unknown version group",
      { versionGroup: ["v0.9"], specs: SPECS },
      "there is no version group v0.9; did you mean",
    ],
    ["version groups without specs", { versionGroup: ["v0.5"] }, "--specs"],
    ["an image for the local runtime", { image: "infra-gym:v0.5" }, "--image goes with --runtime docker"],
    ["predictions that are not there", { predictions: ["/nowhere.json"] }, "/nowhere.json"],
    ["a size that is none", { runtime: "docker", shmSize: "big" }, "no size like 512m or 32g"],
    ["an unknown task", { task: ["grade"] }, "grade"],
  ])("%s", async (_, change, words) => {
    await expect(refused(change)).rejects.toThrow(words);
  });

  test("lists to be merged into the dataset itself", async () => {
    await using place = await smallDataset();
    const run = evaluate.run(inputs({ ...place.local, mergeInto: place.local.dataset }), recordingTools());
    await expect(run).rejects.toThrow("is the dataset itself");
    expect(existsSync(place.at.output)).toBe(false);
  });

  test("a dataset that is not given", async () => {
    await expect(evaluate.run(inputs({}), recordingTools())).rejects.toThrow("--dataset FILE");
  });

  test("GPUs, shards and instances in words of nobody", () => {
    for (const given of [{ gpus: "0,0" }, { gpus: "many" }, { shard: "0/2" }, { shard: "3/2" }])
      expect(EvaluateInputs.safeParse(given).success).toBe(false);
    expect(EvaluateInputs.parse({ gpus: "device=1,2", shard: "2/2" })).toMatchObject({ gpus: ["1", "2"] });
  });
});
