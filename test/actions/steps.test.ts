import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readJson } from "../../src/files.ts";
import { Run } from "../../src/result/document/run.ts";
import { filesOn } from "../support/git-repository.ts";
import { startJob } from "../support/job.ts";
import { slackHost } from "../support/slack-host.ts";

const SIMULATED = { engine: "simulated", model: "sim/tiny" };
const LENGTHS = { "input-len": "8", "output-len": "4" };
const SWEEP = { "batch-sizes": "1-2", ...LENGTHS, warmup: "0", iterations: "2" };
const THROUGHPUT = { "throughput-prompts": "4", ...LENGTHS, "warmup-requests": "0", "client-limits": "off" };
const REQUESTS = { pairs: "8:4", "request-rate": "50", "num-prompts": "4", "warmup-requests": "0" };
/** How busy the machine is that runs this test is not what it is about. */
const SERVING = { ...REQUESTS, "client-limits": "off" };

describe("the steps of one job", () => {
  test("start, measure, store, show, tell and stop", async () => {
    await using job = await startJob();
    const started = await job.run("start-engine", SIMULATED);
    expect(started.exitCode, started.output).toBe(0);
    const { "base-url": baseUrl, "engine-file": engineFile } = started.outputs;
    expect(await (await fetch(`${baseUrl}/health`)).text()).toBeDefined();
    expect(existsSync(job.path(engineFile!))).toBe(true);

    const swept = await job.run("latency-sweep", SWEEP);
    expect(swept.outputs, swept.output).toMatchObject({ "cells-ok": "2", "cells-failed": "0" });
    const handed = await job.run("throughput-benchmark", THROUGHPUT);
    expect(handed.outputs, handed.output).toMatchObject({ "cells-ok": "1", "cells-failed": "0" });
    const served = await job.run("serve-benchmark", SERVING);
    expect(served.outputs, served.output).toMatchObject({ "cells-ok": "1", "cells-failed": "0" });

    const database = `${job.origin}#pitwall-data`;
    const processed = await job.run("post-process", { "host-label": "bench-1", database });
    expect(processed.exitCode, processed.output).toBe(0);
    expect(processed.outputs).toMatchObject({ outcome: "ok", "cells-ok": "4", "cells-failed": "0", verdict: "" });
    expect(processed.output).toContain("no history yet to compare with");
    expect(processed.summary).toBe(`${readFileSync(job.path(processed.outputs["summary-file"]!), "utf8")}\n`);
    const run = await readJson(job.path(processed.outputs["run-file"]!), Run);
    expect(run.cells.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "latency-sweep/in_8_out_4_bs_1 ok",
      "latency-sweep/in_8_out_4_bs_2 ok",
      "serve-benchmark/in_8_out_4_rate_50 ok",
      "throughput-benchmark/in_8_out_4_prompts_4 ok",
    ]);
    expect(run.host.label).toBe("bench-1");

    const published = await job.run("publish");
    expect(published.outputs, published.output).toMatchObject({
      published: "true",
      "run-ids": JSON.stringify([run.id]),
    });
    expect(filesOn(job.origin)).toContainEqual(expect.stringContaining(`${run.id}.json`));

    const judged = await job.run("post-process", { "host-label": "bench-1", database });
    expect(judged.outputs, judged.output).toMatchObject({ verdict: "unjudged", regressed: "[]", "run-id": run.id });

    const verified = await job.run("verify", { database, base: "0".repeat(40) });
    expect(verified.outputs, verified.output).toMatchObject({ valid: "true", runs: "1", problems: "[]" });

    const environment = { PITWALL_DATABASE: database, PITWALL_SITE: "_site", PITWALL_BASE: "" };
    const site = await job.run("build-site", {}, { env: environment });
    expect(site.outputs, site.output).toMatchObject({ "site-path": "_site", runs: "1" });
    expect(existsSync(job.path("_site/index.html"))).toBe(true);

    using slack = await slackHost();
    const told = await job.run("notify", { "slack-webhook": slack.url });
    expect(told.outputs, told.output).toEqual({ sent: "true" });
    expect(slack.messages).toHaveLength(1);
    expect(told.output).toContain(`::add-mask::${slack.url}`);

    expect(await job.engineRuns()).toBe(true);
    const stopped = await job.run("stop-engine", {}, { state: started.state });
    expect(stopped.exitCode).toBe(0);
    expect(stopped.output).toContain("stopping the simulated engine");
    expect(await job.engineRuns()).toBe(false);
  });

  test("an engine that dies in the middle: the step fails, says so of every cell, and the document keeps it", async () => {
    await using job = await startJob();
    const started = await job.run("start-engine", { ...SIMULATED, "engine-args": "--crash-after-requests 2" });
    expect(started.exitCode, started.output).toBe(0);
    // So many that a busy machine cannot have answered all of them before the crash.
    const served = await job.run("serve-benchmark", { ...SERVING, "num-prompts": "40" });
    expect(served.exitCode).toBe(1);
    expect(served.outputs).toMatchObject({ "cells-ok": "0", "cells-failed": "1" });
    expect(served.output).toMatch(/::error::serve-benchmark\/in_8_out_4_rate_50: engine_crashed/);

    const processed = await job.run("post-process");
    expect(processed.exitCode).toBe(1);
    expect(processed.outputs).toMatchObject({ outcome: "failed", "cells-failed": "1" });
    expect(processed.summary).toContain("engine_crashed");
    expect(await readJson(job.path(processed.outputs["run-file"]!), Run)).toMatchObject({
      cells: [{ status: "failed", reason: "engine_crashed", logTail: expect.any(String) }],
    });
  });
});

describe("start-engine", () => {
  test("that fails shows what doctor sees, in log and job summary", async () => {
    await using job = await startJob();
    const inputs = { engine: "vllm", model: "m", port: "0" };
    const started = await job.run("start-engine", inputs, { env: { PITWALL_VLLM: "/nowhere/vllm" } });
    expect(started.exitCode).toBe(1);
    expect(started.output).toContain("::error::/nowhere/vllm was not found");
    expect(started.output).toContain("::group::What doctor sees of this machine");
    expect(started.summary).toMatch(/What doctor sees of this machine[\s\S]*✗ vLLM: /);
  });

  test("fails when the engine never becomes healthy, and leaves none behind", async () => {
    await using job = await startJob();
    const inputs = { ...SIMULATED, "engine-args": "--never-healthy", "start-timeout": "1" };
    const started = await job.run("start-engine", inputs);
    expect(started.exitCode).toBe(1);
    expect(started.output).toMatch(/::error::.*not healthy/);
    expect(started.outputs).toEqual({});
    expect(await job.engineRuns()).toBe(false);
  });

  test("its post step only warns when it cannot do its work", async () => {
    await using job = await startJob();
    const started = await job.run("start-engine", SIMULATED);
    const record = job.path(started.outputs["engine-file"]!);
    const content = readFileSync(record, "utf8");
    await writeFile(record, "{");
    const stopped = await job.run("stop-engine", {}, { state: started.state });
    await writeFile(record, content);
    expect(stopped.exitCode).toBe(0);
    expect(stopped.output).toMatch(/^::warning::.*engine\.json is not valid JSON/);
  });
});

test.each([
  ["serve-benchmark", /^::error::there is no engine\.json in .*: run start-engine first/],
  ["post-process", /^::error::no cells in .*: run a benchmark first, like latency-sweep/],
  ["publish", /^::error::there is no run document .*: run post-process first/],
])("a step of %s that comes too early says what to run first", async (action, words) => {
  await using job = await startJob();
  expect((await job.run(action)).output).toMatch(words);
});
