import { expect, test } from "vitest";
import type { RunHead } from "../../../src/result/document/run.ts";
import { gpuName } from "../../../src/result/series/gpu-name.ts";
import { sampleRun } from "../../support/run-document.ts";

const none = { ...sampleRun.host, gpu: null, gpuCount: 0 };
const source = { format: "vllm", file: "a.json" };
const remote = { ...sampleRun.engine, kind: "remote" as const };

test.each<[string, Partial<RunHead>, string]>([
  ["GPUs that were found", {}, "1 × NVIDIA H100 80GB HBM3"],
  ["a machine that was asked and has none", { host: none }, "no GPU"],
  ["a machine that nobody could ask", { host: { ...none, gpuCount: null } }, "unknown GPU"],
  ["an older import, which wrote 0 for not knowing", { host: none, source }, "unknown GPU"],
  ["an older run behind a URL, which did the same", { host: none, engine: remote }, "unknown GPU"],
  ["an import that says there is none", { host: { ...none, cpu: "unknown" }, source }, "no GPU"],
])("%s", (_, changes, name) => {
  expect(gpuName({ ...sampleRun, ...changes })).toBe(name);
});
