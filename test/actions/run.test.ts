import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readJson } from "../../src/files.ts";
import { Run } from "../../src/result/document/run.ts";
import { startArtifactService } from "../support/artifact-service.ts";
import { filesOn } from "../support/git-repository.ts";
import { startJob } from "../support/job.ts";

const TINY = {
  // How busy the machine is that runs this test is not what it is about.
  "client-limits": "off",
  model: "sim/tiny",
  "batch-sizes": "1,2",
  "input-len": "8",
  "output-len": "4",
  warmup: "0",
  iterations: "2",
  pairs: "8:4",
  "request-rate": "50",
  "num-prompts": "4",
  "warmup-requests": "0",
};
/** Serving that goes on until it is stopped. */
const ENDLESS = { ...TINY, "request-rate": "1", "num-prompts": "1000" };

/** Sends one signal as soon as the log shows a text. */
function signalWhen(text: string, name: NodeJS.Signals) {
  let sent = false;
  return (output: string, signal: (name: NodeJS.Signals) => void) => {
    if (sent || !output.includes(text)) return;
    sent = true;
    signal(name);
  };
}

describe("the root action", () => {
  test("measures, publishes and builds the site in one step, and leaves no engine", async () => {
    await using job = await startJob();
    const step = await job.run("run", { ...TINY, database: job.origin, "artifact-name": "everything" });
    expect(step.exitCode, step.output).toBe(0);
    expect(step.outputs).toMatchObject({
      outcome: "ok",
      "cells-ok": "3",
      "cells-failed": "0",
      published: "true",
      "site-path": ".pitwall/site",
    });
    const run = await readJson(job.path(step.outputs["run-file"]!), Run);
    expect(run.id).toBe(step.outputs["run-id"]);
    expect(filesOn(job.origin)).toContainEqual(expect.stringContaining(`${run.id}.json`));
    expect(existsSync(job.path(".pitwall/site/index.html"))).toBe(true);
    expect(step.summary).toContain("Batch latency");
    const groups = [...step.output.matchAll(/^::group::(.*)$/gm)].map(([, title]) => title);
    expect(groups).toEqual([
      "Start engine",
      "Latency sweep",
      "Serve benchmark",
      "Post-process",
      "Publish",
      "Build site",
    ]);
    expect(step.output).toContain("::notice::no artifact “everything”: this runner has no artifact service");
    expect(await job.engineRuns()).toBe(false);
  });

  test("a cancel in the middle stops the engine and keeps what was measured, marked as cancelled", async () => {
    await using job = await startJob();
    const onOutput = signalWhen("::group::Serve benchmark", "SIGINT");
    const step = await job.run("run", { ...ENDLESS, database: job.origin }, { onOutput });
    expect(step.exitCode, step.output).toBe(1);
    const run = await readJson(job.path(step.outputs["run-file"]!), Run);
    expect(run.outcome).toBe("cancelled");
    expect(run.cells).toMatchObject([{ status: "ok" }, { status: "ok" }, { reason: "cancelled" }]);
    expect(step.summary).toContain("cancelled");
    expect(await job.engineRuns()).toBe(false);
  });

  test("its post step stops the engine when the runner killed the main step", async () => {
    await using job = await startJob();
    const onOutput = signalWhen("::group::Serve benchmark", "SIGKILL");
    const step = await job.run("run", { ...ENDLESS, database: job.origin }, { onOutput });
    expect(step.exitCode).toBe(null);
    expect(await job.engineRuns()).toBe(true);
    const post = await job.run("stop-engine", {}, { state: step.state });
    expect(post.exitCode).toBe(0);
    expect(post.output).toContain("stopping the simulated engine");
    expect(await job.engineRuns()).toBe(false);
  });

  test.each([
    { cells: "that all went well", inputs: TINY, outcome: "ok" },
    { cells: "that failed", inputs: { ...TINY, "engine-args": "--crash-after-requests 8" }, outcome: "failed" },
  ])("keeps the working folder with cells $cells as an artifact", async ({ inputs, outcome }) => {
    using service = await startArtifactService();
    await using job = await startJob();
    const keep = { "artifact-name": "measured", "retention-days": "7", "skip-site": "true", database: job.origin };
    const step = await job.run("run", { ...inputs, ...keep }, { env: service.env });
    expect(step.outputs.outcome, step.output).toBe(outcome);
    expect(service.created).toMatchObject([{ name: "measured", expires_at: expect.any(String) }]);
    expect(service.finalized).toMatchObject([{ name: "measured", size: String(service.archives[0]!.length) }]);
    const names = service.archives[0]!.toString("latin1");
    expect(names).toContain("run.json");
    expect(names).toContain("cells/serve-benchmark/");
    expect(names).toMatch(/logs\/[\w-]+\.log/);
  });

  test("a lost artifact is a warning: the measurement counts", async () => {
    await using job = await startJob();
    const env = { ACTIONS_RUNTIME_TOKEN: "damaged", ACTIONS_RESULTS_URL: "http://127.0.0.1:9/" };
    const step = await job.run(
      "run",
      { ...TINY, "artifact-name": "measured", "skip-site": "true", database: job.origin },
      { env },
    );
    expect(step.exitCode, step.output).toBe(0);
    expect(step.output).toMatch(/::warning::the artifact “measured” could not be uploaded: .+/);
  });

  test("whose engine does not start keeps the document, and shows what doctor sees in log and job summary", async () => {
    await using job = await startJob();
    const inputs = { ...TINY, engine: "vllm", mode: "server", port: "0", "skip-site": "true", database: job.origin };
    const step = await job.run("run", inputs, { env: { PITWALL_VLLM: "/nowhere/vllm" } });
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({ outcome: "failed", "cells-failed": "3" });
    expect(step.output).toContain("::group::What doctor sees of this machine");
    expect(step.summary).toMatch(/environment[\s\S]*What doctor sees of this machine[\s\S]*✗ vLLM: /);
  });

  test("says what is wrong with an input before anything is started", async () => {
    await using job = await startJob();
    const step = await job.run("run", { ...TINY, "batch-sizes": "8-1" });
    expect(step.exitCode).toBe(1);
    expect(step.output).toContain("the range 8-1 ends before it starts; write 1-8");
    expect(existsSync(job.path(".pitwall"))).toBe(false);
  });
});
