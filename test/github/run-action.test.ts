import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { runStep } from "../support/run-step.ts";

const FAKE = join(import.meta.dirname, "../support/fake-action.ts");

describe("a step that ends well", () => {
  test("hands outputs on in kebab-case, arrays as JSON, null as nothing, and writes the job summary", async () => {
    const step = await runStep(FAKE, { inputs: { "batch-sizes": "2,4" } });
    expect(step.exitCode).toBe(0);
    expect(step.outputs).toEqual({
      "batch-sizes": '["2","4"]',
      "run-file": "run.json",
      "cells-failed": "0",
      "site-path": "",
    });
    expect(step.summary).toBe("# Summary: ok\n");
  });

  test("prints the summary where the runner has no job summaries", async () => {
    const step = await runStep(FAKE, { env: { GITHUB_STEP_SUMMARY: "" } });
    expect(step.output).toContain("# Summary: ok");
  });

  test("cuts a summary that is more than GitHub shows of a step, whoever wrote the rest, and says so", async () => {
    await using job = await createFixture({ "summary.md": `${"before\n".repeat(80_000)}` });
    const file = job.getPath("summary.md");
    const step = await runStep(FAKE, { inputs: { end: "huge-summary" }, env: { GITHUB_STEP_SUMMARY: file } });
    expect(step.exitCode).toBe(0);
    const text = await readFile(file, "utf8");
    expect(text.length).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/line of text\n\n> \[!WARNING\]\n> Cut here: .* summary\.md of the working folder\.\n$/);
    expect(step.output).toContain("::warning::the job summary was cut");
  });

  test("leaves out an output that is more than GitHub keeps, and says how to get it", async () => {
    const step = await runStep(FAKE, { inputs: { end: "huge-output" } });
    expect(step.exitCode).toBe(0);
    expect(Object.keys(step.outputs)).toEqual(["batch-sizes", "cells-failed", "site-path"]);
    expect(step.output).toMatch(/::warning::the output run-file is left out: it has 1\.0 MB, .* give the input shard/);
  });

  test("leaves its state for the post step before the work starts", async () => {
    const step = await runStep(FAKE, { inputs: { output: "here", end: "bug" } });
    expect(JSON.parse(step.state.pitwall!)).toEqual({ output: "here" });
  });
});

describe("inputs", () => {
  test("an input that was not given leaves the environment, pitwall.yml and the default in charge, in this order", async () => {
    await using job = await createFixture({ "pitwall.yml": "batch-sizes: 3\noutput: from-file\n" });
    const inputs = { "batch-sizes": "", output: "", end: "" };
    const fromFile = await runStep(FAKE, { cwd: job.path, inputs });
    const fromEnv = await runStep(FAKE, { cwd: job.path, inputs, env: { PITWALL_BATCH_SIZES: "5" } });
    const fromInput = await runStep(FAKE, {
      cwd: job.path,
      inputs: { "batch-sizes": "7" },
      env: { PITWALL_BATCH_SIZES: "5" },
    });
    const sizes = [fromFile, fromEnv, fromInput].map((step) => step.outputs["batch-sizes"]);
    expect(sizes).toEqual(['["3"]', '["5"]', '["7"]']);
    expect(fromFile.output).toContain("output from-file");
  });

  test("takes another file than pitwall.yml from the input config", async () => {
    await using job = await createFixture({ "night.yml": "batch-sizes: 9\n" });
    const step = await runStep(FAKE, { cwd: job.path, inputs: { config: "night.yml" } });
    expect(step.outputs["batch-sizes"]).toBe('["9"]');
  });

  test.each([
    [{ "batch-size": "2" }, "unknown input “batch-size”; did you mean “batch-sizes”?"],
    [{ "batch-sizes": "8-1" }, "the range 8-1 ends before it starts; write 1-8"],
    [{ config: "missing.yml" }, "missing.yml does not exist"],
  ])("fails on %j with a sentence and no stack", async (inputs: Record<string, string>, message) => {
    const step = await runStep(FAKE, { inputs });
    expect(step.exitCode).toBe(1);
    expect(step.output).toContain(message);
    expect(step.output).not.toMatch(/\n\s+at /);
    expect(step.outputs).toEqual({});
  });
});

describe("secrets", () => {
  test.each([
    ["an input", { inputs: { "slack-webhook": " https://hooks.example/T0/B0 " } }],
    ["the environment", { env: { PITWALL_SLACK_WEBHOOK: "https://hooks.example/T0/B0" } }],
  ])("of %s are masked before anything else is printed", async (_, options) => {
    const step = await runStep(FAKE, options);
    expect(step.output).toMatch(/^::add-mask::https:\/\/hooks.example\/T0\/B0\n/);
    expect(step.output.indexOf("::add-mask::")).toBeLessThan(step.output.indexOf("secret https://"));
  });
});

describe("a step that does not end well", () => {
  test("still has outputs and summary, one annotation a failed cell, and exit code 1", async () => {
    const step = await runStep(FAKE, { inputs: { end: "cell-failed" } });
    expect(step.exitCode).toBe(1);
    expect(step.outputs["cells-failed"]).toBe("1");
    expect(step.summary).toBe("# Summary: cell-failed\n");
    expect(step.output).toContain("::error::serve-benchmark/one: engine_crashed: it died\n");
    expect(step.output).toContain("::error::fake did not succeed: 1 failed, see above\n");
  });

  test("says one cause once, and of how many cells", async () => {
    const step = await runStep(FAKE, { inputs: { end: "many-failed" } });
    expect(step.output.match(/^::error::.*$/gm)).toEqual([
      "::error::38 cells: engine_crashed: it died",
      "::error::fake did not succeed: 38 failed, see above",
    ]);
  });

  test("shows no more errors than GitHub does, and has the others in the log", async () => {
    const step = await runStep(FAKE, { inputs: { end: "many-errors" } });
    expect(step.output.match(/^::error::/gm)!.length).toBeLessThanOrEqual(10);
    expect(step.output.match(/problem \d+/g)).toHaveLength(30);
    expect(step.output).toMatch(/::error::fake did not succeed: 1 failed, see above\n$/);
  });

  test("shows a mistake of the user as one sentence", async () => {
    const step = await runStep(FAKE, { inputs: { end: "user-error" } });
    expect(step.exitCode).toBe(1);
    expect(step.output).toContain("::error::port 8000 is taken: choose another with port\n");
    expect(step.output).not.toContain("UserError");
  });

  test("says of a bug where to report it, and shows its stack where debug logging is enabled", async () => {
    const step = await runStep(FAKE, { inputs: { end: "bug" } });
    expect(step.exitCode).toBe(1);
    expect(step.output).toMatch(/::error::something went wrong .*TypeError: no such property.*pitwall\/issues/);
    expect(step.output).not.toContain("fake-action.ts");
    const again = await runStep(FAKE, { inputs: { end: "bug" }, env: { RUNNER_DEBUG: "1" } });
    expect(again.output).toMatch(/::error::something went wrong .*fake-action\.ts/);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "a cancel by %s stops the work and keeps what was measured",
    async (name) => {
      let sent = false;
      const step = await runStep(FAKE, {
        inputs: { end: "cancelled" },
        onOutput(output, signal) {
          if (sent || !output.includes("waiting to be cancelled")) return;
          sent = true;
          signal(name);
        },
      });
      expect(step.exitCode).toBe(1);
      expect(step.summary).toBe("# Summary: cancelled\n");
    },
  );
});
