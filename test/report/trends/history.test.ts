import { describe, expect, test } from "vitest";
import { benchmarkHistory, contextName, histories } from "../../../src/report/trends/history.ts";
import { contextKey } from "../../../src/result/series/series.ts";
import { sampleRun } from "../../support/run-document.ts";
import { runOn, size } from "../histories.ts";

const other = (model: string) => ({ ...sampleRun.model, name: model });

test("runs of one context stand together, in the order of time", () => {
  const first = runOn(1, [size(1, 1)]);
  const elsewhere = runOn(2, [size(1, 2)], { model: other("org/Small") });
  const second = runOn(3, [size(1, 1)]);
  expect(histories([first, elsewhere, second]).map(({ runs }) => runs)).toEqual([[first, second], [elsewhere]]);
});

test("real hardware comes before simulated, then what was measured last", () => {
  const runs = [
    runOn(1, [size(1, 1)], { model: other("old") }),
    runOn(2, [size(1, 1)], { model: other("new") }),
    runOn(3, [size(1, 1)], { model: other("made-up"), simulated: true }),
  ];
  expect(histories(runs).map(({ context }) => context.model)).toEqual(["new", "old", "made-up"]);
});

test("a context's name for URLs is readable, stays, and differs from that of another with the same model", () => {
  const name = (changes: object) => histories([runOn(1, [size(1, 1)], changes)])[0]!.slug;
  expect(name({})).toMatch(/^llama-3-1-8b-instruct-[0-9a-f]{8}$/);
  expect(name({ startedAt: "2027-01-01T00:00:00Z" })).toBe(name({}));
  expect(name({ host: { ...sampleRun.host, label: "h100-2" } })).not.toBe(name({}));
});

test("runs with another configuration are a series of their own, whose name shows it; one without keeps its key", () => {
  const plain = runOn(1, [size(1, 1)]);
  const eager = runOn(2, [size(1, 1)], { configuration: "--enforce-eager" });
  const found = histories([plain, eager, runOn(3, [size(1, 1)], { configuration: "--enforce-eager" })]);
  expect(found.map(({ runs }) => runs.length)).toEqual([2, 1]);
  expect(contextName(found[0]!.context)).toContain("--enforce-eager");
  expect(contextKey(found[1]!.context)).toBe(
    '["vllm","meta-llama/Llama-3.1-8B-Instruct",null,1,"1 × NVIDIA H100 80GB HBM3","h100-1",false,"pitwall"]',
  );
});

test("the history of a benchmark leaves out runs that did not measure it", () => {
  const latency = runOn(1, [size(1, 1)]);
  const [history] = histories([latency, runOn(2, [])]);
  expect(benchmarkHistory(history!, "latency-sweep")?.runs).toEqual([latency]);
  expect(benchmarkHistory(history!, "serve-benchmark")).toBeUndefined();
});

describe("engine arguments that can change a number", () => {
  const withArguments = (day: number, ...args: string[]) =>
    runOn(day, [size(1, 1)], { engine: { ...sampleRun.engine, args } });

  test("end a series, which says since when, and what is different", () => {
    const [now, before] = histories([withArguments(1), withArguments(2), withArguments(3, "--enforce-eager")]);
    expect(before!.runs).toHaveLength(2);
    expect(before!.continuedBy).toEqual({
      slug: now!.slug,
      since: "2026-11-03T06:45:01Z",
      change: "--enforce-eager added",
    });
    expect(now).not.toHaveProperty("continuedBy");
    expect(contextName(now!.context)).toContain("--enforce-eager");
  });

  test("leave the older series its address", () => {
    const alone = histories([runOn(1, [size(1, 1)])])[0]!.slug;
    const both = histories([withArguments(1, "--enforce-eager"), withArguments(2, "--max-num-seqs", "8")]);
    expect(both.map(({ slug }) => slug).at(-1)).toBe(alone);
    expect(new Set(both.map(({ slug }) => slug)).size).toBe(2);
  });

  test("end nothing where both go on side by side", () => {
    const runs = [withArguments(1), withArguments(2, "--enforce-eager"), withArguments(3)];
    const [plain] = histories(runs);
    expect(plain!.runs).toHaveLength(2);
    expect(plain).not.toHaveProperty("continuedBy");
  });
});
