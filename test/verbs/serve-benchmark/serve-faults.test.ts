import { describe, expect, test } from "vitest";
import type { Cell, RequestSamples } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

const ENDPOINTS = ["completions", "chat"] as const;
const [REQUESTS, FAULT_EVERY, TOKENS] = [6, 3, 6];
const [GOOD, FAULTY] = [
  [0, 1, 3, 4],
  [2, 5],
];

/** One request after the other, so that every third one of them is every third one of the engine. */
const ONE_AT_A_TIME = {
  pairs: `30:${TOKENS}`,
  requestRate: undefined,
  concurrency: "1",
  numPrompts: String(REQUESTS),
  warmupRequests: "0",
};

/** The cells of both endpoints against an engine with a fault in every third request. */
async function cellsWith(fault: string, given: object = {}): Promise<Cell[]> {
  await using room = await simulatedEngine("--fault", fault, "--fault-every", String(FAULT_EVERY));
  const cells: Cell[] = [];
  for (const endpoint of ENDPOINTS) {
    await room.serve({ ...ONE_AT_A_TIME, endpoint, ...given });
    cells.push(...(await room.cells()));
  }
  return cells;
}

function samplesOf(cell: Cell): RequestSamples {
  if (cell.status !== "measured" || cell.measurement.kind !== "requests") throw new Error(JSON.stringify(cell));
  return cell.measurement.requests;
}

const at = <T>(column: readonly T[], places: readonly number[]) => places.map((place) => column[place]);

function expectWhole(samples: RequestSamples, places: readonly number[]): void {
  expect(at(samples.errors, places)).toEqual(places.map(() => null));
  expect(at(samples.outputTokens, places)).toEqual(places.map(() => TOKENS));
  expect(at(samples.gapsMs, places).map((gaps) => gaps?.length)).toEqual(places.map(() => TOKENS - 1));
  expect(at(samples.finishReasons, places)).toEqual(places.map(() => "length"));
  for (const place of places) {
    const moments = [samples.sentMs, samples.firstTokenMs, samples.lastTokenMs, samples.endMs].map((all) => all[place]);
    expect(moments).toEqual(moments.toSorted((a, b) => a! - b!));
  }
}

describe("a fault in every third request fails these and no other", () => {
  test.each([
    ["status=503", "http_503", /: simulated HTTP error \(fault injection\)$/, 0],
    ["status=429", "http_429", /: simulated HTTP error \(fault injection\)$/, 0],
    ["error=2", "in_stream_error", /: simulated error/, 2],
    ["error=0", "in_stream_error", /: simulated error/, 0],
    ["cut=3", "cut_off", /./, 3],
    ["short=2", "wrong_length", /: 4 tokens came where 6 were asked for$/, 4],
    ["hang=2", "timeout", /: not answered within 1 s$/, 2],
    ["split,crlf,pings,cut=2", "cut_off", /./, 2],
  ])("%s as %s", async (fault, kind, message, tokens) => {
    for (const cell of await cellsWith(fault, kind === "timeout" ? { requestTimeout: "1" } : {})) {
      const samples = samplesOf(cell);
      expectWhole(samples, GOOD);
      for (const place of FAULTY) {
        expect(samples.errors[place]).toMatch(message);
        expect(samples.firstTokenMs[place] === null).toBe(tokens === 0);
        expect(samples.gapsMs[place]).toHaveLength(Math.max(0, tokens - 1));
      }
      expect(gateCell(cell)).toMatchObject({
        status: "failed",
        reason: "incomplete_requests",
        detail: `2 of 6 requests failed: ${kind} ×2. First: ${samples.errors[2]}`,
        completed: 4,
        failed: 2,
      });
    }
  });

  test("reset as cut_off, but on a connection kept from before: that one is sent again, and counted", async () => {
    const cells = await cellsWith("reset");
    // The engine saw one of ours twice in each cell, so that its sixth request is our fifth, its twelfth our fourth.
    for (const [index, place] of [4, 3].entries()) {
      const samples = samplesOf(cells[index]!);
      expectWhole(
        samples,
        [...GOOD, ...FAULTY].filter((other) => other !== place),
      );
      expect(samples.errors[place]).toBe("cut_off: read ECONNRESET");
      expect(cells[index]).toMatchObject({ health: { resentRequests: 1 } });
    }
  });

  test("refuse=2 as refused, until the engine is back", async () => {
    for (const cell of await cellsWith("refuse=2")) {
      const samples = samplesOf(cell);
      expectWhole(samples, [0, 1]);
      for (const error of samples.errors.slice(2)) expect(error).toMatch(/^refused: .*ECONNREFUSED/);
      const detail = expect.stringMatching(/^4 of 6 requests failed: refused ×4\. First: refused: /);
      expect(gateCell(cell)).toMatchObject({ reason: "incomplete_requests", detail, completed: 2, failed: 4 });
    }
  });
});

describe("what only looks odd on the wire", () => {
  test.each(["split", "pings", "crlf", "split,pings,crlf", "merge=3,crlf", "merge=100"])(
    "(%s) is a good answer",
    async (fault) => {
      for (const cell of await cellsWith(fault)) {
        expectWhole(samplesOf(cell), [...GOOD, ...FAULTY]);
        expect(gateCell(cell)).toMatchObject({
          status: "ok",
          metrics: { completed: 6, failed: 0, ttft_ms: { count: 6 } },
        });
      }
    },
  );

  test("(a stall shorter than the limit) is one long gap, where it was", async () => {
    for (const cell of await cellsWith("stall=0.5@2", { requestTimeout: "20" })) {
      const samples = samplesOf(cell);
      expectWhole(samples, [...GOOD, ...FAULTY]);
      for (const place of FAULTY) expect(samples.gapsMs[place]![1]).toBe(Math.max(...samples.gapsMs[place]!));
    }
  });

  test.each([{}, { continuousUsage: true }])(
    "(merged events, %j) has gaps of 0 and says that events bunch",
    async (given) => {
      for (const cell of await cellsWith("merge=3", given)) {
        const samples = samplesOf(cell);
        expectWhole(samples, [...GOOD, ...FAULTY]);
        for (const place of FAULTY) expect(samples.gapsMs[place]).toEqual([0, 0, expect.any(Number), 0, 0]);
        expect(cell).toMatchObject({ health: { eventsPerRead: expect.any(Number) } });
        expect(cell.status === "measured" && cell.health?.eventsPerRead).toBeGreaterThan(1);
        expect(samples).not.toHaveProperty("chunkTokens");
      }
    },
  );
});
