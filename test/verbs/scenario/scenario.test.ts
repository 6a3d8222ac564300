import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScenarioResult } from "../../../src/scenario/result.ts";
import { publish } from "../../../src/verbs/publish/publish.ts";
import { scenario } from "../../../src/verbs/scenario/scenario.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { pickyServer } from "../../support/picky-server.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const SIMULATED = "mode: local\nengine: simulated\nmodel: sim/h100-8b\n";

/** The simulated engine knows none of the answers. */
const SAMPLES = Array.from({ length: 4 }, (_, n) => `    - {question: "What is ${n} + 1?", answer: "${n + 1}"}\n`).join(
  "",
);

const CASES = `suite: true
cases:
  - {id: hello, type: chat, messages: [{role: user, content: Hello}], params: {max_tokens: 4}}
  - {id: tools, type: chat, messages: [{role: user, content: Hello}], required_capabilities: [chat.tools], skip_if_unsupported: true}
negative:
  completions: [{id_prefix: none, prompt: Hello, params_list: [{max_tokens: 0}]}]
`;

let root: FsFixture;
beforeAll(async () => {
  root = await createFixture({
    "configs/scenarios/sim.yaml": `id: sim\n${SIMULATED}`,
    "configs/scenarios/mock.yaml": `id: mock\n${SIMULATED}perf: {mode: mock}\n`,
    "configs/scenarios/asked.yaml": `id: asked\n${SIMULATED}accuracy:\n  task: own\n  min_score: 0.9\n  max_tokens: 4\n  samples:\n${SAMPLES}`,
    "configs/scenarios/gone.yaml":
      "id: gone\nmode: local\nmodel: m\nbase_url: http://127.0.0.1:9/v1\nstartup_timeout_seconds: 0.5\n",
    "configs/scenarios/broken.yaml": "id: broken\nmode: somewhere\nmodel: m\n",
    "configs/tests/perf/pr.yaml":
      "concurrency: [1]\ninput_length: [8]\noutput_length: [4]\nnum_requests_per_concurrency: 2\n",
    "configs/tests/perf/daily.yaml":
      "concurrency: [1]\ninput_length: [8]\noutput_length: [4]\nnum_requests_per_concurrency: 2\n",
    "configs/tests/functional.yaml": CASES,
    // What is wrongly said to be refused.
    "cases.yaml":
      "suite: true\nnegative:\n  chat: [{id_prefix: taken, messages: [{role: user, content: Hi}], params_list: [{max_tokens: 2}]}]\n",
    "configs/matrix.yaml":
      "asked: {daily: {functional: true, accuracy: true}}\nbroken: {pr: {perf: true}}\ngone: {pr: {perf: true}}\nmock: {pr: {perf: true}}\nsim: {daily: {perf: true}}\n",
  });
});
afterAll(() => root.rm());

/** One run for two tests. */
let asked: ReturnType<typeof pitwall>;
beforeAll(() => {
  asked = pitwall(["run", "asked"], { runType: "daily" });
});

async function pitwall(task: string[], given: Record<string, unknown> = {}, more: NodeJS.ProcessEnv = {}) {
  const tools = recordingTools({ env: { ...process.env, GITHUB_ACTIONS: undefined, ...more } });
  const output = root.getPath(`out/${task.join("-")}`);
  const inputs = resolveInputs(scenario, { task, root: root.path, output, ...given }, {}, {});
  return { ...(await scenario.run(inputs, tools)), said: tools.said.join("\n"), output };
}
const stagesOf = ({ json }: { json?: object }) =>
  Object.fromEntries((json as ScenarioResult).stages.map(({ stage, state }) => [stage, state]));

test("a plan is printed as JSON", async () => {
  const { text } = await pitwall(["plan"], { scenario: "sim", runType: "daily" });
  expect(JSON.parse(text!)).toMatchObject({
    scenario: "sim",
    run_type: "daily",
    plan: { engine: "simulated", perf: true, functional: false, profile: { concurrency: [1] } },
  });
});

test("an unknown scenario is an error with the choices", async () => {
  await expect(pitwall(["run"], { scenario: "smi" })).rejects.toThrow(
    "there are asked, gone, mock, sim; did you mean “sim”?",
  );
});

test("an unknown run type is an error with the choices", async () => {
  await expect(pitwall(["plan"], { scenario: "sim", runType: "weekly" })).rejects.toThrow("must be one of pr, daily");
});

test("an unknown word is an error with the choices", async () => {
  await expect(pitwall(["plann"])).rejects.toThrow("it can: plan, run, matrix, validate, manifest, new");
});

test("a run measures, gates, publishes and finds that run as the next one's baseline", async () => {
  const database = root.getPath("history.git");
  const first = await pitwall(["run", "sim"], { runType: "daily", database });
  expect([first.ok, stagesOf(first)]).toEqual([
    true,
    expect.objectContaining({ ready: "ok", performance: "ok", gate: "ok", "clean-up": "ok" }),
  ]);
  expect((first.json as ScenarioResult).push_reason).toContain("no address of a Pushgateway");
  const saved = JSON.parse(await readFile(`${first.output}/scenario.json`, "utf8")) as ScenarioResult;
  expect(saved.perf_metrics?.records).toHaveLength(1);
  const second = await pitwall(["run", "sim"], { runType: "daily", database, dryRun: true });
  expect((second.json as ScenarioResult).gate?.baseline).toMatch(/^\d{8}T/);
  expect(second.said).not.toContain("published to");
});

test("a server that does not answer fails at ready, the rest is skipped, and what was begun is cleaned up", async () => {
  const run = await pitwall(["run", "gone"]);
  expect(run.ok).toBe(false);
  expect((run.json as ScenarioResult).error).toMatch(/^ready: .*did not answer within 0\.5 s/);
  expect(run.said).toContain("does not answer yet");
  expect(stagesOf(run)).toMatchObject({ ready: "failed", performance: "skipped", "clean-up": "ok" });
});

test("cases are asked, and reported per endpoint and summed", async () => {
  const { json } = await asked;
  expect((json as ScenarioResult).functional).toBe("ok");
  expect((json as ScenarioResult).functional_report).toMatchObject({
    summary: { total: 3, passed: 2, failed: 0, skipped: 1 },
    chat: { summary: { total: 2 } },
    completions: { summary: { total: 1 }, results: [{ id: "none_0", ok: true }] },
  });
});

test("a case that deviates fails the stage and the scenario, and is named", async () => {
  await using folder = await createFixture({
    "configs/scenarios/s.yaml": `id: s\n${SIMULATED}functional: ${root.getPath("cases.yaml")}\n`,
    "configs/matrix.yaml": "s: {pr: {functional: true}}\n",
  });
  const run = await pitwall(["run", "s"], { root: folder.path });
  expect([run.ok, (run.json as ScenarioResult).functional]).toEqual([false, "failed"]);
  expect((run.json as ScenarioResult).error).toContain("0 conform, 1 deviate (taken_0)");
});

test("samples are asked and scored, and a simulated model's score gates nothing", async () => {
  const run = await asked;
  expect(stagesOf(run)).toMatchObject({ accuracy: "ok", performance: "skipped" });
  expect((run.json as ScenarioResult).accuracy).toMatchObject({ task: "own", correct: 0, total: 4 });
});

test("a cancel while samples are asked is told in one line, and the rest is not begun but the clean-up", async () => {
  const cancel = new AbortController();
  const refuse = (_: object, path: string) => {
    if (path.endsWith("/chat/completions")) cancel.abort();
    return undefined;
  };
  await using server = await pickyServer({ refuse });
  const scenarios = { s: { mode: "local", model: "m", base_url: server.baseUrl } };
  const given = {
    task: ["run", "s"],
    scenarios,
    matrix: { s: { pr: { accuracy: true } } },
    output: root.getPath("out/c"),
  };
  const tools = { ...recordingTools({ env: { PATH: process.env.PATH } }), signal: cancel.signal };
  const { json } = await scenario.run(resolveInputs(scenario, given, {}, {}), tools);
  const { stages } = json as ScenarioResult;
  expect(stages.find(({ stage }) => stage === "accuracy")?.detail).toMatch(/^✗ check-accuracy\/smoke .*cancelled$/);
  expect(stages.at(-1)).toMatchObject({ stage: "clean-up", state: "ok" });
});

test("what a scenario of a cluster names is deleted by kubectl, in its namespace, also when it was never ready", async () => {
  await using folder = await createFixture({
    "configs/scenarios/pd.yaml":
      "id: pd\nmode: k8s-pd\nmodel: m\nk8s: {service_name: infer}\nraw: {k8s: {namespace: bench}, k8s_delete_yaml: infer.yaml}\n",
    kubectl:
      '#!/bin/sh\necho "$@" >> "$ASKED"\ncase "$*" in delete*) echo deleted;; *) echo "not found" >&2; exit 1;; esac\n',
  });
  await chmod(folder.getPath("kubectl"), 0o755);
  const env = { PITWALL_KUBECTL: folder.getPath("kubectl"), ASKED: folder.getPath("asked") };
  const run = await pitwall(["run", "pd"], { root: folder.path }, env);
  expect(stagesOf(run)).toMatchObject({ ready: "failed", "clean-up": "ok" });
  const asked = (await readFile(folder.getPath("asked"), "utf8")).trim().split("\n");
  expect(asked.at(-1)).toBe(`delete -f ${folder.getPath("infer.yaml")} --namespace bench --ignore-not-found`);
});

test("what a scenario names is deleted also when its engine cannot be stopped, which is told", async () => {
  await using folder = await createFixture({
    "configs/scenarios/pd.yaml":
      "id: pd\nmode: k8s-pd\nmodel: m\nk8s: {service_name: infer}\nk8s_delete_yaml: infer.yaml\n",
    // The record of what was begun cannot be read.
    kubectl:
      '#!/bin/sh\necho "$@" >> "$ASKED"\nmkdir -p "$BROKEN"\ncase "$*" in delete*) echo deleted;; *) exit 1;; esac\n',
  });
  await chmod(folder.getPath("kubectl"), 0o755);
  const output = folder.getPath("out");
  const env = {
    ...{ PITWALL_KUBECTL: folder.getPath("kubectl"), ASKED: folder.getPath("asked") },
    BROKEN: join(output, "engine.json"),
  };
  const run = await pitwall(["run", "pd"], { root: folder.path, output }, env);
  expect(stagesOf(run)).toMatchObject({ ready: "failed", "clean-up": "failed" });
  expect((await readFile(folder.getPath("asked"), "utf8")).trim().split("\n").at(-1)).toMatch(/^delete -f /);
});

test("an input that no stage has is an error before anything is begun", async () => {
  const scenarios = { s: { mode: "local", engine: "simulated", model: "m", inputs: { "engine-argz": "-x" } } };
  await expect(pitwall(["run", "s"], { scenarios })).rejects.toThrow(
    "scenario s: inputs: engine-argz: no verb of a scenario has it",
  );
});

test("a history that will not take the run fails the scenario, whose document is kept", async () => {
  await using folder = await createFixture({
    history: {},
    "real.json": JSON.stringify({ ...sampleRun, simulated: false }),
  });
  const database = `folder:${folder.getPath("history")}`;
  const given = { run: folder.getPath("real.json"), database };
  await publish.run(resolveInputs(publish, given, {}, {}), recordingTools());
  const run = await pitwall(["run", "sim"], { runType: "daily", database });
  expect([run.ok, stagesOf(run)]).toEqual([false, expect.objectContaining({ performance: "ok", publish: "failed" })]);
  expect((run.json as ScenarioResult).error).toContain("publish: ");
  expect(run.outputs.runFile).not.toBeNull();
});

test("mock numbers are not made up", async () => {
  const run = await pitwall(["run", "mock"]);
  expect(stagesOf(run)).toMatchObject({ ready: "ok", performance: "skipped" });
  expect(run.json).not.toHaveProperty("perf_metrics");
});

test("in a matrix a broken scenario and one that is not ready stop no other", async () => {
  const { ok, outputs, json } = await pitwall(["matrix"]);
  expect([ok, outputs.failed]).toEqual([false, ["broken", "gone"]]);
  expect(Object.keys(json!)).toEqual(["broken", "gone", "mock"]);
  expect((json as Record<string, ScenarioResult>).broken!.error).toContain("broken.yaml:2: mode: must be one of");
});

test("validate reads the files that a scenario names, from the root", async () => {
  await using folder = await createFixture({
    "configs/scenarios/a.yaml":
      "id: a\nmode: local\nmodel: m\nbase_url: http://127.0.0.1:9/v1\nperf: {profile: loads.yaml}\nmanifest: none.yaml\naccuracy: {samples_file: s.json}\n",
    "loads.yaml": "concurrency: [1]\ninput_lenght: [8]\n",
    "s.json": "[]",
  });
  const { ok, json } = await pitwall(["validate"], { root: folder.path });
  expect(ok).toBe(false);
  expect((json as { problems: string[] }).problems).toEqual([
    expect.stringContaining("loads.yaml:2: input_lenght: is no known name"),
    `scenario a: manifest: ${folder.getPath("none.yaml")} does not exist`,
  ]);
});

test("validate reads what a scenario says of accuracy and of inputs as its run does", async () => {
  await using folder = await createFixture({
    "configs/scenarios/a.yaml": `id: a\n${SIMULATED}accuracy: {min_scor: 1}\n`,
    "configs/scenarios/b.yaml": `id: b\n${SIMULATED}inputs: {engine-argz: x}\n`,
    "configs/scenarios/c.yaml": "id: c\nmode: local\nmodel: m\n",
    "configs/scenarios/d.yaml": "id: d\nmode: local\nmodel: m\nautostart: true\n",
  });
  const { json } = await pitwall(["validate"], { root: folder.path });
  expect((json as { problems: string[] }).problems).toEqual([
    expect.stringMatching(/^scenario a: accuracy: min_scor: is no known name; did you mean “min_score”\?/),
    "scenario b: inputs: engine-argz: no verb of a scenario has it",
    "scenario c: base_url: is missing: nothing else says where the server is",
  ]);
});

test("every file is checked in one command, each mistake with its line", async () => {
  await using folder = await createFixture({
    "configs/scenarios/broken.yaml": "id: broken\nmode: somewhere\nmodel: m\n",
    "configs/matrix.yaml": "gone: {pr: {perf: true}}\n",
    "configs/tests/functional.yaml": "cases:\n  - {id: a, typ: chat}\n",
    "configs/tests/accuracy.yaml": "min_scor: 0.5\n",
    "configs/tests/perf/pr.yaml": "concurrency: [0]\ninput_length: [8]\noutput_length: [8]\n",
  });
  const { ok, json } = await pitwall(["validate"], { root: folder.path });
  const places = (json as { problems: string[] }).problems.flatMap(
    (text) => text.match(/[a-z]+\.yaml(:\d+)?(?=: )/) ?? "",
  );
  expect([ok, places]).toEqual([
    false,
    expect.arrayContaining(["broken.yaml:2", "matrix.yaml", "functional.yaml:2", "accuracy.yaml:1", "pr.yaml:1"]),
  ]);
});

test("a manifest is not written with a password, which everybody who sees the Job would see", async () => {
  const given = { image: "acme/vllm:1", database: "https://someone:s3cret@git.example/numbers.git#data" };
  const manifest = pitwall(["manifest", "sweep"], given);
  await expect(manifest).rejects.toThrow(/^--database holds a user name or password.*--token-secret/);
  await expect(manifest).rejects.not.toThrow("s3cret");
});

test("a new scenario is written once, and is valid", async () => {
  await using folder = await createFixture();
  const given = { root: folder.path };
  await pitwall(["new", "local_a"], given);
  expect((await pitwall(["validate"], given)).text).toContain("1 scenario");
  await expect(pitwall(["new", "local_a"], given)).rejects.toThrow("is there already");
});
