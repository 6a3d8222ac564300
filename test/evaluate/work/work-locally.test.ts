import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Evidence, PhaseRun } from "../../../src/evaluate/evidence.ts";
import type { Instance } from "../../../src/evaluate/instance.ts";
import { EMPTY, GOLD } from "../../../src/evaluate/work/candidate.ts";
import type { Finished } from "../../../src/evaluate/work/plan.ts";
import { ADD, LIMITS, smallEvaluation, WRONG_FIX } from "../../support/evaluate/small-evaluation.ts";
import { commitIn, makeRepository } from "../../support/evaluate/small-repository.ts";
import { git } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/** A run in a line: `exit 1: test_add failed, test_zero passed`. */
function inWords({ end, junit }: PhaseRun): string {
  const how = end.kind === "exit" ? `exit ${end.code}` : end.kind;
  const cases = (junit ?? "").matchAll(/<testcase [^>]*? name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs);
  const outcomes = [...cases].map(
    ([, name, body]) => `${name} ${/<(failure|error)/.test(body ?? "") ? "failed" : "passed"}`,
  );
  return junit === undefined ? `${how}, no report` : `${how}: ${outcomes.toSorted().join(", ")}`;
}

const phases = ({ saved: { evidence } }: Finished) =>
  evidence.kind === "phases" ? [evidence.before.map(inWords), evidence.after.map(inWords)].flat() : evidence;

const byId = (finished: readonly Finished[]) =>
  Object.fromEntries(finished.map((one) => [one.saved.instance, phases(one)]));

const test_ = (body: string) => ({ "tests/test_calc.py": `import os, time\nfrom calc import add\n\n${body}` });
const FAILS = "exit 1: test_add failed, test_zero passed";
const PASSES = "exit 0: test_add passed, test_zero passed";

describe("an instance in the local runtime", () => {
  test("has its tests run without the candidate and with it: a fix, a wrong fix, none", async () => {
    await using at = await smallEvaluation();
    const wrong = { name: "wrong", patchOf: () => at.patch(WRONG_FIX) };
    const finished = await at.run([at.instance()], { candidates: [GOLD, EMPTY, wrong] });
    expect(finished.map((one) => [one.saved.candidate, phases(one)])).toEqual([
      ["gold", [FAILS, PASSES]],
      ["empty", [FAILS, FAILS]],
      ["wrong", [FAILS, "exit 1: test_add failed, test_zero failed"]],
    ]);
  });

  test("shows what tests do that hang, end their process, or lack their module", async () => {
    await using at = await smallEvaluation();
    const hangs = at.instance({ id: "hangs", tests: test_("def test_add():\n    time.sleep(600)\n") });
    const leaves = at.instance({
      id: "leaves",
      tests: test_('def test_add():\n    print("1 passed PASSED", flush=True)\n    os._exit(0)\n'),
    });
    const lacks = at.instance({ id: "lacks", tests: test_("import none_such\n\ndef test_add():\n    pass\n") });
    // Whether it has begun by then or not, a phase that hangs ends the same.
    const limitsOf = ({ id }: Instance) => (id === "hangs" ? { ...LIMITS, phaseSeconds: 2 } : LIMITS);
    const only = (instance: Instance): Instance => ({
      ...instance,
      targets: { kind: "files", paths: ["tests/test_calc.py"] },
    });
    const ends = byId(await at.run([hangs, leaves, lacks].map(only), { limitsOf }));
    expect(ends.hangs).toEqual(["timeout, no report", "timeout, no report"]);
    expect(ends.leaves).toEqual(["exit 0, no report", "exit 0, no report"]);
    expect(ends.lacks).toEqual(["exit 1: tests.test_calc failed", "exit 1: tests.test_calc failed"]);
  });

  test("has ids with spaces, quotes, brackets, dollar signs and semicolons run as they are", async () => {
    await using at = await smallEvaluation();
    const values = ["a b", "it's", 'say "x"', "$HOME", "x[0]", "a;b", "--co", "*"];
    const tests = test_(
      `import pytest\n\n@pytest.mark.parametrize("v", ${JSON.stringify(values)}, ids=str)\ndef test_id(v):\n    assert add(1, 1) == 2\n`,
    );
    const paths = values.map((value) => `tests/test_calc.py::test_id[${value}]`);
    const [one] = await at.run([at.instance({ tests, targets: { kind: "ids", paths } })]);
    const evidence = one!.saved.evidence as Extract<Evidence, { kind: "phases" }>;
    const names = [...evidence.after[0]!.junit!.matchAll(/ name="test_id\[(.*?)\]" /g)].map(([, name]) => name);
    expect(names).toEqual(["a b", "it's", "say &quot;x&quot;", "$HOME", "x[0]", "a;b", "--co", "*"]);
    expect(evidence.after[0]!.end).toEqual({ kind: "exit", code: 0 });
  });

  test("hides no test behind a failed one, though the repository's settings ask for it", async () => {
    await using at = await smallEvaluation({
      ...{ "pytest.ini": "[pytest]\naddopts = -x --lf\n", "calc.py": "def add(a, b):\n    return a - b\n" },
      "tests/test_calc.py": "from calc import add\n\n\ndef test_zero():\n    assert add(1, 0) == 1\n",
    });
    expect(byId(await at.run([at.instance()]))["small-1"]).toEqual([FAILS, PASSES]);
  });

  test("runs each phase as often as it is asked, which shows a flaky test", async () => {
    await using at = await smallEvaluation();
    const flaky = test_(
      'def test_add():\n    there = os.path.exists("mark")\n    os.remove("mark") if there else open("mark", "w")\n    assert there\n\ndef test_zero():\n    pass\n',
    );
    const [one] = await at.run([at.instance({ tests: flaky })], { runs: 3 });
    expect(phases(one!)).toEqual([FAILS, PASSES, FAILS, FAILS, PASSES, FAILS]);
  });

  test("takes a candidate's conftest for what it is, a change of its own", async () => {
    await using at = await smallEvaluation();
    const sly = "import pytest\n\n\n@pytest.hookimpl\ndef pytest_collection_modifyitems(items):\n    items.clear()\n";
    const candidate = { name: "sly", patchOf: () => at.patch({ "tests/conftest.py": sly }) };
    const [one] = await at.run([at.instance()], { candidates: [candidate] });
    expect(phases(one!)).toEqual([FAILS, "exit 5: "]);
  });

  test("has its submodules", async () => {
    await using at = await smallEvaluation();
    makeRepository(at.fixture.getPath("lib"), { "three.txt": "3" });
    git(at.origin, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../lib", "lib");
    const baseCommit = commitIn(at.origin, {});
    const tests = test_(
      'def test_add():\n    assert add(1, 2) == int(open("lib/three.txt").read())\n\ndef test_zero():\n    pass\n',
    );
    expect(byId(await at.run([at.instance({ baseCommit, tests })]))["small-1"]).toEqual([FAILS, PASSES]);
  });

  test("gets none of the environment, and a home of its own", async () => {
    await using at = await smallEvaluation();
    const tests = test_(
      'def test_add():\n    assert "HF_TOKEN" not in os.environ and "GITHUB_TOKEN" not in os.environ\n    open(os.path.expanduser("~/mine"), "w")\n\ndef test_zero():\n    pass\n',
    );
    const home = at.fixture.getPath("home");
    const env = { ...process.env, HOME: home, HF_TOKEN: "hf_secret", GITHUB_TOKEN: "gh_secret" };
    expect(byId(await at.run([at.instance({ tests })], {}, recordingTools({ env })))["small-1"]).toEqual([
      PASSES,
      PASSES,
    ]);
    expect(existsSync(join(home, "mine"))).toBe(false);
  });

  test("stops where nothing can be said of its patch, and says where; the others go on", async () => {
    await using at = await smallEvaluation();
    const instances = [
      at.instance({ id: "no-commit", baseCommit: "1".repeat(40) }),
      at.instance({ id: "no-patch", testPatch: "nonsense\n" }),
      at.instance({ id: "no-tests", targets: { kind: "none" } }),
      at.instance({ id: "of-gpu", category: "gpu_model", minGpus: 1 }),
      at.instance({ id: "bad-fix", goldPatch: "nonsense\n" }),
      at.instance({ id: "good" }),
    ];
    expect(byId(await at.run(instances, { gpus: ["0"] }))).toEqual({
      "no-commit": expect.objectContaining({ kind: "stopped", step: "repository", status: "environment" }),
      "no-patch": expect.objectContaining({ kind: "patch_failed", which: "test" }),
      "no-tests": expect.objectContaining({ kind: "no_tests" }),
      "of-gpu": expect.objectContaining({ kind: "stopped", detail: expect.stringContaining("needs a GPU") }),
      "bad-fix": expect.objectContaining({ kind: "patch_failed", which: "candidate" }),
      good: [FAILS, PASSES],
    });
  });
});

describe("what is kept", () => {
  test("is the logs and reports of each phase, with the evidence", async () => {
    await using at = await smallEvaluation();
    await at.run([at.instance()]);
    const kept = (name: string) => readFileSync(join(at.output, "gold/small-1", name), "utf8");
    expect(kept("before-1.log")).toContain("1 failed, 1 passed");
    expect(kept("after-1.xml")).toContain("<testsuites");
    expect(JSON.parse(kept("evidence.json"))).toMatchObject({ schema: "pitwall.evidence/1", candidate: "gold" });
  });

  test("is taken again where it was made of the same, and of nothing else", async () => {
    await using at = await smallEvaluation();
    const instance = at.instance();
    const wrong = at.patch(WRONG_FIX);
    const reused = async (change: Partial<Instance>, resume = true) =>
      (await at.run([{ ...instance, ...change }], { resume })).map(({ isReused }) => isReused);
    expect(await reused({})).toEqual([false]);
    expect(await reused({})).toEqual([true]);
    expect(await reused({}, false)).toEqual([false]);
    expect(await reused({ goldPatch: wrong })).toEqual([false]);
    expect(await reused({ goldPatch: wrong, targets: { kind: "ids", paths: [ADD] } })).toEqual([false]);
    expect(await reused({})).toEqual([false]);
  });
});

test("an abort ends what runs, keeps what is done, and leaves no folder", async () => {
  await using at = await smallEvaluation();
  const controller = new AbortController();
  const hangs = at.instance({
    id: "hangs",
    tests: test_("def test_add():\n    time.sleep(600)\n\ndef test_zero():\n    pass\n"),
  });
  const finished: string[] = [];
  const run = at.run(
    [at.instance({ id: "done" }), hangs],
    {
      onFinished: async ({ id }) => {
        finished.push(id);
        setTimeout(() => controller.abort(new Error("ended")), 3000);
      },
    },
    recordingTools({ signal: controller.signal }),
  );
  await expect(run).rejects.toThrow("ended");
  expect(finished).toEqual(["done"]);
  expect(existsSync(join(at.output, "gold/done/evidence.json"))).toBe(true);
  expect(existsSync(join(at.output, "gold/hangs"))).toBe(false);
});
