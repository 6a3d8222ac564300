import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gapErrorsMs, tpotErrorsMs, ttftErrorsMs } from "./errors.ts";
import { joinRequests } from "./join.ts";
import { readAiperfExport } from "./peers/aiperf.ts";
import { readGuidellmReport } from "./peers/guidellm.ts";
import type { Report } from "./peers/peer.ts";
import { readPitwallCell } from "./peers/pitwall.ts";
import { readVllmResult } from "./peers/vllm.ts";
import { parseTruth } from "./truth.ts";

/** Files that the tools wrote: 2 warm-ups, then 3 requests of 5 tokens, two streams, TTFT 50 to 70 ms, ITL 20 ms. */
const file = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", "fixtures", "peers", ...path), "utf8");

const reports: Record<string, () => Report> = {
  pitwall: () => readPitwallCell(file("pitwall", "cell.json")),
  vllm: () => readVllmResult(file("vllm", "result.json")),
  guidellm: () => readGuidellmReport(file("guidellm", "benchmarks.json"), 2),
  aiperf: () => readAiperfExport(file("aiperf", "profile_export.jsonl")),
};

describe.each(Object.keys(reports))("what %s wrote", (tool) => {
  const { requests, failed } = reports[tool]!();
  const joined = joinRequests(requests, parseTruth(file(tool, "truth.jsonl")));

  test("holds the three measured requests, and none of the warm-ups", () => {
    expect(failed).toBe(0);
    expect(requests.map(({ outputTokens }) => outputTokens)).toEqual([5, 5, 5]);
    expect(new Set(joined.map(({ truth }) => truth.id)).size).toBe(3);
  });

  test("is within a few ms of what the engine knows of the same requests", () => {
    for (const error of ttftErrorsMs(joined)) expect(error).toBeGreaterThan(0);
    for (const error of [...ttftErrorsMs(joined), ...tpotErrorsMs(joined)]) expect(error).toBeLessThan(10);
    for (const error of gapErrorsMs(joined) ?? []) expect(error).toBeLessThan(5);
  });
});

test("guidellm keeps no gaps between tokens, the others do", () => {
  const keeps = Object.entries(reports).filter(([, read]) => read().requests.every(({ gapsMs }) => gapsMs !== null));
  expect(keeps.map(([tool]) => tool)).toEqual(["pitwall", "vllm", "aiperf"]);
});

test("a request that vLLM or we call failed is counted and left out", () => {
  const vllm = JSON.parse(file("vllm", "result.json"));
  const ours = JSON.parse(file("pitwall", "cell.json"));
  Object.assign(vllm, { failed: 1, errors: ["", "Bad Gateway", ""] });
  ours.measurement.requests.errors[1] = "http_status: 502";
  for (const report of [readVllmResult(JSON.stringify(vllm)), readPitwallCell(JSON.stringify(ours))]) {
    expect(report.failed).toBe(1);
    expect(report.requests.map(({ id }) => id?.replace(/^\D+/, ""))).toEqual(["0", "2"]);
  }
});

test("a record of AIPerf with an error is counted and left out", () => {
  const [first, ...rest] = file("aiperf", "profile_export.jsonl").trim().split("\n").reverse();
  const { metadata } = JSON.parse(first!);
  const failed = JSON.stringify({ metadata, metrics: {}, error: { code: 500, message: "no" } });
  expect(readAiperfExport([failed, ...rest].join("\n"))).toMatchObject({ failed: 1, requests: { length: 2 } });
});
