import { expect, test } from "vitest";
import { logToMlflow } from "../../../src/formats/mlflow/export.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { sampleRun } from "../../support/run-document.ts";

type Call = [path: string, body: Record<string, unknown>];

/** What a server is told of runs, by a client that answers as an empty server does. */
async function told(...runs: Run[]): Promise<Call[]> {
  const calls: Call[] = [];
  const server = {
    get: async (path: string, query: Record<string, string>) => {
      calls.push([path, query]);
      return null;
    },
    post: async (path: string, body: object) => {
      calls.push([path, body as Record<string, unknown>]);
      return path === "experiments/create" ? { experiment_id: "7" } : { run: { info: { run_id: "new" } } };
    },
  };
  await logToMlflow(runs, server, new AbortController().signal);
  return calls;
}
const bodyOf = (calls: Call[], path: string) => calls.find(([one]) => one === path)![1];

test("an experiment is called by what may be compared in it", async () => {
  const nameOf = async (run: Run) => bodyOf(await told(run), "experiments/create").name;
  expect(await nameOf(sampleRun)).toBe(
    "pitwall: meta-llama/Llama-3.1-8B-Instruct, vllm, 1 × NVIDIA H100 80GB HBM3, h100-1, by pitwall",
  );
  const model = { ...sampleRun.model, name: "m", quantization: "fp8", tensorParallel: 2 };
  expect(await nameOf({ ...sampleRun, model, simulated: true })).toBe(
    "pitwall: m, vllm, fp8, TP 2, 1 × NVIDIA H100 80GB HBM3, h100-1, by pitwall, simulated",
  );
});

test("a metric is called by cell and statistic, and a run ends as its document did", async () => {
  const [cell] = sampleRun.cells;
  const metrics = { latency_s: { p50: 2 }, duration_s: 9 };
  const calls = await told({ ...sampleRun, cells: [{ ...cell!, status: "ok", metrics }], outcome: "cancelled" });
  const { metrics: logged } = bodyOf(calls, "runs/log-batch") as { metrics: { key: string; value: number }[] };
  expect(logged.map(({ key, value }) => [key, value])).toEqual([
    ["latency-sweep/in_512_out_128_bs_1/latency_s.p50", 2],
    ["latency-sweep/in_512_out_128_bs_1/duration_s", 9],
  ]);
  expect(bodyOf(calls, "runs/update")).toMatchObject({ status: "KILLED", end_time: Date.parse(sampleRun.finishedAt) });
  expect(bodyOf(await told({ ...sampleRun, outcome: "failed" }), "runs/update").status).toBe("FAILED");
  expect(bodyOf(await told(sampleRun), "runs/update").status).toBe("FINISHED");
});

test("what nobody told is no tag", async () => {
  const trigger = { ...sampleRun.trigger, commit: null, subject: "" };
  const { tags } = bodyOf(await told({ ...sampleRun, trigger }), "runs/create") as { tags: { key: string }[] };
  const keys = tags.map(({ key }) => key);
  expect(keys).toContain("mlflow.source.git.branch");
  expect(keys).not.toContain("mlflow.source.git.commit");
  expect(keys).not.toContain("pitwall.subject");
});

test("a thousand metrics go at once, and one more goes after them", async () => {
  const cells = Array.from({ length: 1001 }, (_, at) => ({
    ...sampleRun.cells[0]!,
    ...{ id: `latency-sweep/c${at}`, status: "ok" as const, metrics: { duration_s: 1 } },
  }));
  const batches = (await told({ ...sampleRun, cells })).filter(([path]) => path === "runs/log-batch");
  expect(batches.map(([, { metrics }]) => (metrics as unknown[]).length)).toEqual([1000, 1]);
});
