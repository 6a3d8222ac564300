import { existsSync, readFileSync } from "node:fs";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import type { Run } from "../../../src/result/document/run.ts";
import { pushMetrics } from "../../../src/verbs/push-metrics/push-metrics.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { reportWith, taskResult } from "../../support/accuracy-results.ts";
import { fakePushgateway } from "../../support/fake-pushgateway.ts";
import { deviating, functionalReport, result } from "../../support/functional-report.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { crashedServingCell, okLatencyCell, sampleRun } from "../../support/run-document.ts";

const CSV = "concurrency,input_len,output_len,latency_p50_ms,throughput_rps\n1,128,128,100,2\n2,128,128,200,-1\n";

/** A working folder with a run, and a file of loads. */
const folderWith = (run: Partial<Run> = {}) =>
  createFixture({ "out/run.json": JSON.stringify({ ...sampleRun, ...run }), "perf.csv": CSV });

async function push(folder: FsFixture, given: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  const tools = recordingTools({ env });
  const inputs = resolveInputs(pushMetrics, { output: folder.getPath("out"), ...given }, env, {});
  return { ...(await pushMetrics.run(inputs, tools)), said: tools.said };
}

describe("the numbers of a daily run", () => {
  test("go to the gateway, and are said to be there", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    const outcome = await push(folder, {
      runType: "daily",
      gatewayUrl: gateway.url,
      scenario: "nightly",
      label: "region=eu",
    });
    expect(outcome.outputs).toEqual({ pushed: true, rule: null, reason: null, groups: 1, numbers: 7, deleted: 0 });
    expect(outcome.said.at(-1)).toBe(`info: 1 group pushed to ${gateway.url} and read back`);
    expect(gateway.series()).toContainEqual({
      name: "pitwall_latency_seconds",
      labels: expect.objectContaining({
        job: "pitwall",
        scenario: "nightly",
        region: "eu",
        host: "h100-1",
        quantile: "0.99",
      }),
      value: 1.3663,
    });
  });

  test("go to the gateway that the environment names, opened by the password that it holds", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    const env = { PROM_PUSHGATEWAY_URL: gateway.url, PITWALL_GATEWAY_USER: "me", PITWALL_GATEWAY_PASSWORD: "word" };
    const { outputs } = await push(folder, { runType: "daily" }, env);
    expect(outputs.pushed).toBe(true);
    expect(gateway.asked[0]!.authorization).toBe(`Basic ${Buffer.from("me:word").toString("base64")}`);
  });

  test("come from a file of loads, too, under the same rules", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    const given = {
      csv: folder.getPath("perf.csv"),
      gatewayUrl: gateway.url,
      label: "model=Qwen/Qwen3-32B,quant=w8a8",
    };
    expect((await push(folder, given)).outputs).toMatchObject({ pushed: false, rule: "run-type" });
    expect((await push(folder, { ...given, runType: "daily" })).outputs).toMatchObject({ pushed: true, groups: 1 });
    const labels = { job: "pitwall", model: "Qwen/Qwen3-32B", quant: "w8a8", stage: "performance" };
    expect(gateway.series()).toContainEqual({ name: "ci_perf_throughput_rps_avg", labels, value: 2 });
    expect(gateway.series()).toContainEqual({ name: "ci_perf_latency_p50_ms_avg", labels, value: 150 });
  });

  test("that failed today are no longer there from yesterday", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    const given = { runType: "daily", gatewayUrl: gateway.url };
    await push(folder, given);
    const failed = { ...crashedServingCell, id: okLatencyCell.id, benchmark: okLatencyCell.benchmark };
    await folder.writeJson("out/run.json", { ...sampleRun, outcome: "failed", cells: [failed] });
    await push(folder, given);
    expect(gateway.series().map(({ name }) => name)).toEqual(["pitwall_push_timestamp_seconds"]);
  });
});

describe("the checks of a run", () => {
  const check = { params: {}, status: "ok" as const };
  const cells: Run["cells"] = [
    { ...check, id: "check-functional/openai", benchmark: "check-functional", metrics: { conforms: 1, deviates: 1 } },
    { ...check, id: "check-accuracy/mine", benchmark: "check-accuracy", metrics: { score: 0.75, samples: 4 } },
  ];
  const suite = functionalReport(
    [result("chat.a"), deviating("chat.b"), result("chat.c", { outcome: "unsupported" })],
    {
      ...{ startedAt: "2026-11-22T06:50:00Z", finishedAt: "2026-11-22T06:50:04Z" },
    },
  );
  const numbersOf = async (files: Record<string, unknown>) => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith({ cells });
    for (const [name, content] of Object.entries(files)) await folder.writeJson(`out/${name}`, content);
    await push(folder, { runType: "daily", gatewayUrl: gateway.url, perCase: true });
    const numbers = gateway.series().filter(({ name }) => /^ci_(accuracy|functional_case)/.test(name));
    return numbers.map(({ name, labels, value }) => [name, labels.case ?? labels.task, value]);
  };

  test("are told case by case, and with what the gate said, by the reports beside its document", async () => {
    const report = reportWith(taskResult({ right: 3, wrong: 1, minScore: 0.9 }));
    expect(await numbersOf({ "functional.json": suite, "accuracy.json": report })).toEqual([
      ["ci_functional_case_ok", "chat.a", 1],
      ["ci_functional_case_ok", "chat.b", 0],
      ["ci_accuracy_score", "mine", 0.75],
      ["ci_accuracy_correct", "mine", 3],
      ["ci_accuracy_total", "mine", 4],
      ["ci_accuracy_ok", "mine", 0],
    ]);
  });

  test("have no score where a sample has no answer, but have not passed", async () => {
    const report = reportWith(taskResult({ right: 3, unanswered: 1 }));
    expect(await numbersOf({ "accuracy.json": report })).toEqual([["ci_accuracy_ok", "mine", 0]]);
  });

  test("are not told by reports of another time", async () => {
    const old = { startedAt: "2026-11-21T06:50:00Z", finishedAt: "2026-11-21T06:50:04Z" };
    const report = { ...reportWith(taskResult({ right: 4 })), ...old };
    expect(await numbersOf({ "functional.json": { ...suite, ...old }, "accuracy.json": report })).toEqual([
      ["ci_accuracy_score", "mine", 0.75],
      ["ci_accuracy_total", "mine", 4],
    ]);
  });
});

describe("nothing is pushed, no one is asked, and it is no failure", () => {
  const event = (full_name: string) =>
    JSON.stringify({ pull_request: { head: { repo: { full_name } }, base: { repo: { full_name: "octo/llm" } } } });

  test.each([
    ["run-type", {}, {}],
    ["dry-run", { runType: "daily", dryRun: true }, {}],
    ["main-repository", { runType: "daily", mainRepository: "octo/llm" }, { GITHUB_REPOSITORY: "fork/llm" }],
  ])("by the rule %s", async (rule, given, env) => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    const { ok, outputs } = await push(folder, { gatewayUrl: gateway.url, ...given }, env);
    expect([ok, outputs.pushed, outputs.rule]).toEqual([true, false, rule]);
    expect(gateway.asked).toEqual([]);
  });

  test("for a fork's pull request, although its job is of the main repository", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    await folder.writeFile("event.json", event("fork/llm"));
    const env = { GITHUB_REPOSITORY: "octo/llm", GITHUB_EVENT_PATH: folder.getPath("event.json") };
    const given = { runType: "daily", mainRepository: "octo/llm", gatewayUrl: gateway.url };
    expect((await push(folder, given, env)).outputs.rule).toBe("fork");
  });

  test("of simulated numbers, which a dry run shows as what they are", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith({ simulated: true });
    const given = { runType: "daily", gatewayUrl: gateway.url, textfile: folder.getPath("a.prom") };
    const { outputs, said } = await push(folder, given);
    expect(outputs.rule).toBe("simulated");
    expect(said).toContain(`warning: ${given.textfile} is left as it is: simulated numbers go into no file`);
    expect(existsSync(folder.getPath("a.prom"))).toBe(false);
    const { text } = await push(folder, { ...given, dryRun: true });
    expect(text).toContain(`PUT ${gateway.url}/metrics/job/pitwall/model@base64/`);
    expect(text).toContain('simulated="true"');
    expect(gateway.asked).toEqual([]);
  });
});

describe("a file for node_exporter", () => {
  test("is written whether anything is pushed or not, but in a dry run", async () => {
    await using folder = await folderWith();
    const textfile = folder.getPath("collector/pitwall.prom");
    await push(folder, { textfile, dryRun: true });
    expect(existsSync(textfile)).toBe(false);
    const { said } = await push(folder, { textfile });
    expect(said).toEqual([
      `info: written to ${textfile}`,
      "info: not pushed: only daily runs are pushed, and this one is “pr” (--run-type)",
    ]);
    expect(readFileSync(textfile, "utf8")).toMatch(/^pitwall_latency_seconds\{model=.*quantile="0.5"\} 1.3632$/m);
  });

  test("must have a name that it reads", async () => {
    await using folder = await folderWith();
    await expect(push(folder, { textfile: "pitwall.txt" })).rejects.toThrow("reads files that end in .prom");
  });
});

describe("groups that nobody pushes any more", () => {
  test("are deleted after the push, and by a call that has nothing to push", async () => {
    using gateway = await fakePushgateway();
    await using folder = await folderWith();
    const given = { runType: "daily", gatewayUrl: gateway.url };
    await push(folder, { ...given, scenario: "old" });
    for (const { families } of gateway.groups.values()) families.get("pitwall_push_timestamp_seconds")![0]!.value = "1";
    const outcome = await push(folder, { ...given, deleteStale: "30d" });
    expect(outcome.outputs).toMatchObject({ pushed: true, deleted: 1 });
    expect(outcome.said.at(-2)).toMatch(/^info: deleted model=.* scenario=old stage=latency-sweep$/);
    const left = await push(folder, { ...given, deleteStale: "2100-01-01", output: folder.getPath("nowhere") });
    expect(left.outputs).toMatchObject({ pushed: false, rule: "no-numbers", deleted: 1 });
    expect(gateway.groups.size).toBe(0);
  });
});

describe("what is wrong is said", () => {
  test("of a group that is refused, while others are pushed", async () => {
    using gateway = await fakePushgateway("refuses");
    await using folder = await folderWith({ cells: [okLatencyCell, crashedServingCell] });
    const { ok, outputs, said } = await push(folder, { runType: "daily", gatewayUrl: gateway.url });
    expect([ok, outputs.pushed, outputs.groups]).toEqual([false, false, 0]);
    expect(said.filter((line) => line.startsWith("error: "))[0]).toContain("stage=latency-sweep: ");
  });

  test.each([
    [{ run: ["a.json"], csv: "b.csv" }, "give either --run or --csv"],
    [{ label: "region" }, "must be NAME=VALUE"],
    [{ label: "job=x" }, "give it with --job"],
    [{ label: "a=1,a=2" }, "the label a is given twice"],
    [{ scenario: "a", label: "scenario=b" }, "the label scenario is given twice"],
    [{ prefix: "1st" }, "no digit first"],
    [{ mainRepository: "llm" }, "must be OWNER/NAME"],
    [{ runType: "nightly" }, "must be one of pr, daily"],
    [{ gatewayUrl: "gateway:9091" }, "is not the address of a Pushgateway"],
    [{ csv: "nowhere.csv" }, "nowhere.csv could not be read: it does not exist"],
    [{ run: "nowhere.json" }, "there is no run document nowhere.json"],
  ])("of %j", async (given, why) => {
    await using folder = await folderWith();
    await expect(push(folder, given)).rejects.toThrow(why);
  });
});
