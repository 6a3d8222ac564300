import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Cell, CellParams } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { readServeFile } from "../../../src/result/vllm/file.ts";
import {
  CLOCK,
  checked,
  failure,
  gateServing,
  IDENTITY,
  requests,
  SERVING,
  STARTUP,
  SWEEP,
  THROUGHPUT,
} from "../../support/gated-cells.ts";
import { requestSamples } from "../../support/request-samples.ts";

describe("requests of our own client", () => {
  test("that all ended well with the lengths asked for are ok, with metrics and the client's health", () => {
    const health = { cpuSeconds: 1, eventLoopUtilization: 0.1, eventLoopDelayP99Ms: 1, sendDelayP99Ms: 1 };
    const params = { inputLen: 10, outputLen: 3, numPrompts: 2 };
    const cell: Cell = {
      ...IDENTITY,
      ...SERVING,
      ...CLOCK,
      params,
      status: "measured",
      measurement: requests(),
      health,
    };
    const gated = checked(gateCell(cell, { pricePerHour: 1 }));
    expect(gated).toMatchObject({ id: SERVING.id, params, status: "ok", health });
    expect(gated).toHaveProperty("metrics.completed", 2);
    expect(gated).toHaveProperty("metrics.cost_per_million_tokens");
    expect(gated).not.toHaveProperty("client");
  });

  test("of which some failed make the cell failed, naming how many, why and the first, and keep no metric but the counts", () => {
    const errors = ["http_500: boom", "cut_off: gone", undefined, "http_500: again"];
    const samples = requestSamples(
      errors.map((error) => ({ sentMs: 0, tokensMs: [1, 2], ...(error === undefined ? {} : { error }) })),
      1,
    );
    const gated = gateServing({ kind: "requests", requests: samples });
    const detail = "3 of 4 requests failed: http_500 ×2, cut_off ×1. First: http_500: boom";
    expect(gated).toEqual(failure(detail, { completed: 1, failed: 3 }));
    expect(gated).not.toHaveProperty("metrics");
  });

  test("are told by the class that failed most, and by five of many", () => {
    const failed = (classes: string[]) => {
      const asked = classes.map((name) => ({ sentMs: 0, tokensMs: [], error: `${name}: no` }));
      return gateServing({ kind: "requests", requests: requestSamples(asked, 1) });
    };
    expect(failed(["a", "b", "b"])).toMatchObject({ detail: "3 of 3 requests failed: b ×2, a ×1. First: a: no" });
    const more = "6 of 6 requests failed: a ×1, b ×1, c ×1, d ×1, e ×1, 1 more. First: a: no";
    expect(failed(["a", "b", "c", "d", "e", "f"])).toMatchObject({ detail: more });
    expect(failed(["a", "b", "c", "d", "e"])).toMatchObject({
      detail: more.replaceAll("6", "5").replace(", 1 more", ""),
    });
  });

  test("that are fewer than asked for fail", () =>
    expect(gateServing(requests(), { inputLen: 10, outputLen: 3, numPrompts: 3 })).toEqual(
      failure("2 of 3 requests were made"),
    ));

  test("that are none fail", () => {
    const params = { inputLen: 10, outputLen: 3, numPrompts: 0 };
    expect(gateServing({ kind: "requests", requests: requestSamples([], 1) }, params)).toEqual(
      failure("no request was made", { completed: 0, failed: 0 }),
    );
  });

  test("with another output or input length than asked for fail", () => {
    const length = (side: string, got: string) =>
      failure(`1 of 2 requests had another ${side} length in tokens than asked for: ${got}`);
    expect(gateServing(requests({ outputTokens: [3, 2] }))).toEqual(length("output", "2 for 3 ×1"));
    expect(gateServing(requests({ inputTokens: [11, 10] }))).toEqual(length("input", "11 for 10 ×1"));
  });

  test("of different lengths are held each against its own", () => {
    const lengths = {
      askedOutputTokens: [3, 2],
      askedInputTokens: [9, 10],
      inputTokens: [9, 10],
      outputTokens: [3, 2],
      gapsMs: [[2, 2], [4]],
    };
    expect(gateServing(requests(lengths))).toMatchObject({ status: "ok" });
    expect(gateServing(requests({ ...lengths, outputTokens: [2, 3] }))).toEqual(
      failure("2 of 2 requests had another output length in tokens than asked for: 2 for 3 ×1, 3 for 2 ×1"),
    );
  });

  test("with more token events than tokens are no measurement: one of the events was no token", () => {
    const lengths = { askedOutputTokens: [2, 2], outputTokens: [2, 2], gapsMs: [[4], [2, 2]] };
    expect(gateServing(requests(lengths))).toEqual(
      failure("1 of 2 requests had more token events than tokens: 3 for 2 ×1"),
    );
  });

  test("that nobody can make numbers of fail their cell, and nothing is thrown", () => {
    expect(gateServing(requests({ sentMs: [null, null] }))).toMatchObject({
      status: "failed",
      reason: "client_failed",
      detail: "its numbers cannot be computed: RangeError: request 0 ended well but has no sent time",
    });
  });

  test("with prompts of text may have any input length", () => {
    const text = { askedInputTokens: [null, null], inputTokens: [7, 99] };
    expect(gateServing(requests(text))).toMatchObject({ status: "ok" });
  });

  test("bounded by time are as many as were sent", () => {
    expect(gateServing(requests(), { inputLen: 10, outputLen: 3 })).toMatchObject({ status: "ok" });
    expect(gateServing({ kind: "requests", requests: requestSamples([], 1) }, {})).toEqual(
      failure("no request was made"),
    );
  });

  test("whose lengths are not all known fail", () =>
    expect(gateServing(requests({ askedOutputTokens: [3] }))).toEqual(
      failure("not every request has its token counts"),
    ));
});

describe("a file of vllm bench serve", () => {
  const fixture = (name: string) =>
    readFileSync(new URL(`../../fixtures/vllm-0.32.0/${name}`, import.meta.url), "utf8");
  const file = JSON.parse(fixture("in_300_out_100.json"));
  const params = { inputLen: 300, outputLen: 100, numPrompts: 60 };
  const gate = (changes: object, asked: CellParams = params) =>
    gateServing(readServeFile(JSON.stringify({ ...file, ...changes }), "f").measurement, asked);

  test("is ok when all came as asked, though its random prompts are a few tokens longer", () =>
    expect(gate({})).toMatchObject({ status: "ok", metrics: { completed: 60, failed: 0 } }));

  test("in which every request failed is failed, though vLLM exited with 0 and wrote zeros", () => {
    const { measurement } = readServeFile(fixture("all_failed.json"), "f");
    const gated = gateServing(measurement, { inputLen: 5000, outputLen: 10, numPrompts: 5 });
    expect(gated).toEqual(failure("5 of 5 requests failed", { completed: 0, failed: 5 }));
    expect(gated).not.toHaveProperty("metrics");
  });

  test.each([
    [{ completed: 59, failed: 1 }, "1 of 60 requests failed"],
    [{ completed: 59, failed: 0 }, "59 of 60 requests were completed"],
    [{ completed: 0, failed: 0 }, "no request was completed"],
    [{ total_output_tokens: 5999 }, "5999 output tokens came back where 6000 were asked for"],
    [{ total_input_tokens: 18_361 }, "the engine counted 18361 input tokens where 18000 were asked for"],
    [{ total_input_tokens: 90_000 }, "the engine counted 90000 input tokens where 18000 were asked for"],
  ])("with %j is failed: %s", (changes, detail) => expect(gate(changes)).toEqual(failure(detail)));

  test("with short prompts may drift by two tokens a request", () => {
    const short = { inputLen: 10, outputLen: 100, numPrompts: 60 };
    expect(gate({ total_input_tokens: 720 }, short)).toMatchObject({ status: "ok" });
    expect(gate({ total_input_tokens: 721 }, short)).toMatchObject({ status: "failed" });
  });

  test("without a record of what was asked for is failed", () =>
    expect(gate({}, {})).toMatchObject({ status: "failed" }));
});

describe("iterations of a batch", () => {
  const params = { batchSize: 2, inputLen: 8, outputLen: 4, iterations: 3 };
  const whole = { kind: "iterations" as const, latenciesS: [1, 1, 2], inputTokens: [8, 8], outputTokens: [4, 4] };
  const gate = (changes: object) =>
    checked(
      gateCell({ ...IDENTITY, ...SWEEP, ...CLOCK, params, status: "measured", measurement: { ...whole, ...changes } }),
    );

  test("are ok when all were measured and every sequence has its lengths", () =>
    expect(gate({})).toMatchObject({ status: "ok", metrics: { latency_s: { count: 3, p50: 1 } } }));

  test("with several sequences a prompt are ok when all of them have the asked length together", () => {
    const several = { ...IDENTITY, ...SWEEP, ...CLOCK, params: { ...params, n: 3 }, status: "measured" as const };
    const gateOf = (outputTokens: number[]) => gateCell({ ...several, measurement: { ...whole, outputTokens } });
    expect(gateOf([12, 12])).toMatchObject({ status: "ok" });
    expect(gateOf([12, 4])).toMatchObject({ status: "failed", detail: expect.stringContaining("4 for 12 ×1") });
  });

  test.each([
    [{ latenciesS: [] }, "no iteration was measured"],
    [{ latenciesS: [1, 1] }, "2 of 3 iterations were measured"],
    [{ outputTokens: [4] }, "1 of 2 sequences came back"],
    [{ outputTokens: [4, 3] }, "1 of 2 sequences had another output length in tokens than asked for: 3 for 4 ×1"],
    [{ inputTokens: [9, 9] }, "2 of 2 sequences had another input length in tokens than asked for: 9 for 8 ×2"],
  ])("with %j fail: %s", (changes, detail) => expect(gate(changes)).toEqual(failure(detail)));
});

describe("a batch of all requests at once", () => {
  const params = { numPrompts: 2, inputLen: 8, outputLen: 4 };
  const whole = { kind: "batch" as const, durationS: 1, inputTokens: [8, 8], outputTokens: [4, 4] };
  const gate = (changes: object, asked: CellParams = params) =>
    checked(
      gateCell({
        ...{ ...IDENTITY, ...THROUGHPUT, ...CLOCK, params: asked },
        ...{ status: "measured", measurement: { ...whole, ...changes } },
      }),
    );

  test("is ok when every request came back with its lengths", () =>
    expect(gate({})).toMatchObject({ status: "ok", metrics: { completed: 2 } }));

  test("of text may have any input length, and of natural lengths no more than was asked for", () => {
    const drifted = { inputTokens: [9, 7] };
    expect(gate(drifted, { ...params, prompts: "text" })).toMatchObject({ status: "ok" });
    expect(gate({ outputTokens: [4, 3] }, { ...params, prompts: "text" })).toMatchObject({ status: "failed" });
    expect(gate({ outputTokens: [4, 3] }, { ...params, lengths: "natural" })).toMatchObject({ status: "ok" });
    expect(gate({ outputTokens: [4, 5] }, { ...params, lengths: "natural" })).toMatchObject({ status: "failed" });
    expect(gate({ outputTokens: [4, 0] }, { ...params, lengths: "natural" })).toMatchObject({ status: "failed" });
  });

  test("counts all sequences of a request together", () =>
    expect(gate({ outputTokens: [12, 12] }, { ...params, n: 3 })).toMatchObject({ status: "ok" }));

  test.each([
    [{ outputTokens: [4], inputTokens: [8] }, "1 of 2 requests came back"],
    [{ outputTokens: [4, 3] }, "1 of 2 requests had another output length in tokens than asked for: 3 for 4 ×1"],
    [{ inputTokens: [9, 8] }, "1 of 2 requests had another input length in tokens than asked for: 9 for 8 ×1"],
  ])("with %j fails: %s", (changes, detail) => expect(gate(changes)).toEqual(failure(detail)));
});

test("starts are ok when as many were measured as were asked for", () => {
  const gate = (starts: number) =>
    checked(
      gateCell({
        ...{ ...IDENTITY, ...STARTUP, ...CLOCK, params: { iterations: 2 }, status: "measured" },
        measurement: { kind: "starts", starts: Array.from({ length: starts }, () => ({ readySeconds: 30 })) },
      }),
    );
  expect(gate(2)).toMatchObject({ status: "ok", metrics: { startup_s: { count: 2 } } });
  expect(gate(1)).toEqual(failure("1 of 2 starts were measured"));
});

describe("a cell without a whole measurement", () => {
  const params = { numPrompts: 2 };

  test("that failed keeps its reason, its log tail and the counts of what was measured before", () => {
    const cause = { reason: "engine_crashed", detail: "it died", logTail: "Traceback" } as const;
    const measurement = requests({ errors: [null, "cut_off: gone"] });
    const gated = checked(
      gateCell({ ...IDENTITY, ...SERVING, ...CLOCK, params, status: "failed", ...cause, measurement }),
    );
    expect(gated).toEqual({ ...SERVING, params, status: "failed", ...cause, completed: 1, failed: 1 });
  });

  test("that failed before anything was measured has no counts", () => {
    const cause = { reason: "client_failed", detail: "exit code 1" } as const;
    const gated = checked(gateCell({ ...IDENTITY, ...SERVING, ...CLOCK, params, status: "failed", ...cause }));
    expect(gated).toEqual({ ...SERVING, params, status: "failed", ...cause });
  });

  test("that was skipped stays skipped", () => {
    const cause = { reason: "cancelled", detail: "Ctrl-C" } as const;
    const gated = checked(gateCell({ ...IDENTITY, ...SERVING, params, status: "skipped", ...cause }));
    expect(gated).toEqual({ ...SERVING, params, status: "skipped", ...cause });
  });
});
