import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Run } from "../../src/result/document/run.ts";
import { fakePushgateway } from "../support/fake-pushgateway.ts";
import { fileOn, filesOn } from "../support/git-repository.ts";
import { pickyServer } from "../support/picky-server.ts";
import { makeWorkplace, type Workplace } from "./act.ts";

const ROOT = join(import.meta.dirname, "../..");
const REFERENCE = readFileSync(join(ROOT, ".github/workflows/scenarios.yml"), "utf8");
const GITHUBS_OWN = [...REFERENCE.matchAll(/uses: (actions\/upload\S+)/g)].map(([, uses]) => uses!);

const CHECKS = readFileSync(join(import.meta.dirname, "checks.yml"), "utf8");
const LOAD = "concurrency: [1]\ninput_length: [8]\noutput_length: [4]\nnum_requests_per_concurrency: 2\n";

/** A scenario of a server whose numbers count, and one of the simulated engine, whose numbers are pushed nowhere. */
const filesFor = (baseUrl: string) => ({
  ".github/workflows/scenarios.yml": REFERENCE,
  ".github/workflows/checks.yml": CHECKS,
  "configs/scenarios/served.yaml": `id: served\nmode: local\nmodel: Qwen3-32B\nserved_model_name: m\nquant: w8a8\nbase_url: ${baseUrl}/v1\n`,
  "configs/scenarios/sim.yaml": "id: sim\nmode: local\nengine: simulated\nmodel: sim/tiny\n",
  "configs/matrix.yaml": "served: {daily: {perf: true}}\nsim: {pr: {functional: true, perf: true}}\n",
  "configs/tests/functional.yaml": "suite: false\n",
  "configs/tests/perf/daily.yaml": LOAD,
  "configs/tests/perf/pr.yaml": LOAD,
});

function runsOn(origin: string, branch?: string): Run[] {
  const paths = filesOn(origin, branch).filter((name) => name.startsWith("runs/"));
  return paths.map((path) => Run.parse(JSON.parse(fileOn(origin, path, branch))));
}

let server: Awaited<ReturnType<typeof pickyServer>>;
let gateway: Awaited<ReturnType<typeof fakePushgateway>>;
let workplace: Workplace;
beforeAll(async () => {
  server = await pickyServer();
  gateway = await fakePushgateway();
  workplace = await makeWorkplace(filesFor(server.baseUrl));
});
afterAll(async () => {
  await workplace[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  gateway[Symbol.dispose]();
});

test("the reference workflow scenarios.yml measures the scenarios of the night, keeps the runs and pushes their numbers", async () => {
  const { exitCode, jobs, log } = await workplace.act("workflow_dispatch", {
    env: { TEST_STORE: workplace.path("store"), GITHUB_REPOSITORY: "acme/llm" },
    variables: { PITWALL_RUNNER: "self-hosted", PITWALL_GATEWAY: gateway.url },
    standIns: GITHUBS_OWN,
  });
  expect(jobs, log).toEqual({ scenarios: "success" });
  expect(exitCode).toBe(0);
  expect(runsOn(workplace.origin)).toMatchObject([
    { simulated: false, cells: [{ benchmark: "serve-benchmark", status: "ok" }] },
  ]);
  const rate = gateway.series().find(({ name }) => name === "ci_perf_throughput_rps_avg");
  expect(rate?.labels).toMatchObject({ job: "pitwall", scenario: "served", model: "Qwen3-32B", quant: "w8a8" });
  expect(existsSync(workplace.path("store/scenarios/served/scenario.json"))).toBe(true);
  expect(workplace.processes()).toEqual([]);
});

test("a workflow runs a scenario with the simulated engine, then its checks step by step; no simulated number is pushed", async () => {
  const before = gateway.asked.length;
  const { exitCode, jobs, log } = await workplace.act("push", {
    env: { TEST_GATEWAY: gateway.url, GITHUB_REPOSITORY: "acme/llm" },
  });
  expect(jobs, log).toEqual({ scenario: "success", checks: "success" });
  expect(exitCode).toBe(0);
  const benchmarks = runsOn(workplace.origin, "simulated").map(({ cells }) => cells.map(({ benchmark }) => benchmark));
  expect(benchmarks).toEqual([["check-functional", "serve-benchmark"]]);
  expect(gateway.asked.slice(before)).toEqual([]);
  expect(workplace.processes()).toEqual([]);
});
