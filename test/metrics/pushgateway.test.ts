import { createFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Labels, labelsKey } from "../../src/prometheus/exposition.ts";
import { groupFamilies } from "../../src/prometheus/group.ts";
import { runGroups } from "../../src/prometheus/run-groups.ts";
import type { Run } from "../../src/result/document/run.ts";
import { pushMetrics } from "../../src/verbs/push-metrics/push-metrics.ts";
import { resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { crashedServingCell } from "../support/run-document.ts";
import { query, startPrometheus, startPushgateway, until } from "./programs.ts";
import { fullRun } from "./runs.ts";

const programs = inject("prometheus");
let gateway: Awaited<ReturnType<typeof startPushgateway>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

beforeAll(async () => {
  gateway = await startPushgateway(programs);
  prometheus = await startPrometheus(programs, { gateway: gateway.url });
});
afterAll(async () => {
  await prometheus[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

async function push(run: Run, given: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  await using folder = await createFixture({ "run.json": JSON.stringify(run) });
  const all = { output: folder.path, runType: "daily", perCase: true, gatewayUrl: gateway.url, ...given };
  const tools = recordingTools({ env });
  return { ...(await pushMetrics.run(resolveInputs(pushMetrics, all, env, {}), tools)), said: tools.said };
}

/** All series of a job, as Prometheus has them after its next scrape. */
async function seriesOf(job: string, isRight: (found: ReadonlyMap<string, number>) => boolean) {
  const ask = async () => {
    const found = await query(prometheus.url, `{job="${job}",__name__!~"push_(failure_)?time_seconds|pitwall_push.*"}`);
    return new Map(found.map(({ metric: { job: _, ...labels }, value }) => [labelsKey(labels), value]));
  };
  return await until(ask, isRight);
}

/** What the same run comes to without any gateway. */
function expected(run: Run, labels: Labels): Map<string, number> {
  const families = groupFamilies(runGroups([run], { prefix: "pitwall", labels, perCase: true }), 0);
  return new Map(
    families
      .filter(({ name }) => name !== "pitwall_push_timestamp_seconds")
      .flatMap(({ name, samples }) =>
        samples.map(({ labels: own, value }) => [labelsKey({ __name__: name, ...own }), value] as const),
      ),
  );
}

test("Prometheus has every number that was pushed, with its labels and to the last digit", async () => {
  const given = { job: "full", scenario: "../nightly", label: "empty=,note=a b" };
  const { outputs } = await push(fullRun, given);
  expect(outputs).toMatchObject({ pushed: true, groups: 7 });
  // A label without a value is none to Prometheus.
  const numbers = expected(fullRun, { scenario: "../nightly", note: "a b" });
  expect(numbers.size).toBeGreaterThan(40);
  expect(await seriesOf("full", (found) => found.size === numbers.size)).toEqual(numbers);
});

test("stages never erase each other, and what failed today is gone", async () => {
  await push(fullRun, { job: "stages" });
  const failed = { ...crashedServingCell, id: fullRun.cells[1]!.id };
  await push({ ...fullRun, outcome: "failed", cells: [failed] }, { job: "stages" });
  const has = (series: ReadonlyMap<string, number>, name: string) =>
    [...series.keys()].some((key) => key.includes(name));
  const found = await seriesOf("stages", (series) => has(series, "ci_functional") && !has(series, "ci_perf"));
  const names = new Set([...found.keys()].map((key) => /"__name__","(\w+)"/.exec(key)![1]!));
  expect([...names].filter((name) => /ttft|ci_perf/.test(name))).toEqual([]);
  expect([...names]).toEqual(
    expect.arrayContaining(["pitwall_latency_seconds", "ci_functional_passed", "ci_accuracy_score"]),
  );
});

test("a group that the gateway refuses, for a type that another has, is an error, and the others are pushed", async () => {
  const body = "# TYPE typed_latency_seconds counter\ntyped_latency_seconds 1\n";
  await fetch(`${gateway.url}/metrics/job/other`, { method: "PUT", body });
  const { ok, outputs, said } = await push(fullRun, { job: "typed", prefix: "typed" });
  expect([ok, outputs.pushed, outputs.groups]).toEqual([false, false, 6]);
  expect(said.filter((line) => line.startsWith("error: "))).toEqual([
    expect.stringMatching(/stage=latency-sweep: http:\S+ refuses a push with status 400: .*inconsistent/),
  ]);
});

test("groups that were last pushed long ago are deleted, and no others", async () => {
  await push(fullRun, { job: "stale", scenario: "a/b" });
  const body = "theirs 1\n";
  await fetch(`${gateway.url}/metrics/job/stale/model/foreign`, { method: "PUT", body });
  const given = { job: "stale", output: "nowhere" };
  expect((await push(fullRun, { ...given, deleteStale: "1d" })).outputs.deleted).toBe(0);
  expect((await push(fullRun, { ...given, deleteStale: "2100-01-01" })).outputs.deleted).toBe(7);
  const groups = (await (await fetch(`${gateway.url}/api/v1/metrics`)).json()) as { data: { labels: Labels }[] };
  const left = groups.data.map(({ labels }) => labels).filter(({ job }) => job === "stale");
  expect(left).toEqual([{ job: "stale", model: "foreign" }]);
});

describe("a gateway with a password", () => {
  // bcrypt of “word”.
  const config = "basic_auth_users:\n  me: $2b$04$uXdoQS8rgF6ypne9MdUwie/8azLei1dGM0NZNqrQmmcyUuL.weKpe\n";

  test("is opened by address or environment, and else says what is missing", async () => {
    await using locked = await startPushgateway(programs, config);
    const inAddress = await push(fullRun, { gatewayUrl: locked.url.replace("//", "//me:word@") });
    expect(inAddress.outputs.pushed).toBe(true);
    expect(JSON.stringify(inAddress)).not.toContain("word@");
    const env = { PITWALL_GATEWAY_USER: "me", PITWALL_GATEWAY_PASSWORD: "word" };
    expect((await push(fullRun, { gatewayUrl: locked.url }, env)).outputs.pushed).toBe(true);
    const { ok, said } = await push(fullRun, { gatewayUrl: locked.url });
    expect([ok, said[0]]).toEqual([false, expect.stringContaining("status 401: set PITWALL_GATEWAY_USER")]);
  });
});
