import { expect, test } from "vitest";
import { acceptedFor, matches, restartsOf } from "../../src/verdict/accepted.ts";
import { sampleRun } from "../support/run-document.ts";

const cell = "latency-sweep/in_512_out_128_bs_1";

test.each([
  [`${cell} latency_s`, true],
  ["* latency_s", true],
  ["latency-sweep/*", true],
  ["*", true],
  ["*_bs_1 *", true],
  ["latency-sweep/*_bs_1 latency_s", true],
  ["*512*128*latency*", true],
  ["latency_s", false],
  ["latency-sweep/*_bs_2 latency_s", false],
  ["* latency", false],
  ["Latency-sweep/*", false],
  ["*128*512*", false],
  [`${cell} latency_s*latency_s`, false],
  ["", false],
])("the pattern “%s” means the series or not: %s", (pattern, isMeant) => {
  expect(matches(pattern, `${cell} latency_s`)).toBe(isMeant);
});

test.each(["!", "!*", "\\*", "\\", "a!b", "\\!", "?", "[a]", ".*"])(
  "in the pattern “%s” nothing but * is special",
  (pattern) => {
    const name = pattern.replaceAll("*", "anything");
    expect(matches(pattern, name)).toBe(true);
    expect(matches(pattern, `x${name}x`)).toBe(false);
  },
);

test("a batch size of 1 is not one of 16", () => {
  expect(matches("*bs_1 latency_s", "latency-sweep/in_512_out_128_bs_16 latency_s")).toBe(false);
});

test("what was accepted on one machine says nothing of another, nor of another model", () => {
  const change = { series: "*", from: sampleRun, why: "a new kernel" };
  const elsewhere = { ...sampleRun, host: { ...sampleRun.host, label: "h100-2" } };
  const other = { ...sampleRun, model: { ...sampleRun.model, name: "Qwen/Qwen3-8B" } };
  expect(acceptedFor(sampleRun, [change])).toEqual([change]);
  expect([elsewhere, other].flatMap((run) => acceptedFor(run, [change]))).toEqual([]);
});

test("a series begins anew when each of the changes that mean it began", () => {
  const from = (startedAt: string) => ({ ...sampleRun, startedAt });
  const changes = [
    { series: "* latency_s", from: from("2026-11-22T06:45:01Z"), why: "a" },
    { series: "* ttft_ms", from: from("2026-11-23T06:45:01Z"), why: "b" },
    { series: "*", from: from("2026-11-24T07:45:01+01:00"), why: "c" },
  ];
  expect(restartsOf({ cell, metric: "latency_s", ref: "refs/heads/main" }, changes)).toEqual(
    ["2026-11-22T06:45:01Z", "2026-11-24T06:45:01Z"].map((moment) => Date.parse(moment)),
  );
});

test("what was accepted on one git ref says nothing of another", () => {
  const change = { series: "*", from: sampleRun, why: "a new kernel" };
  const on = (ref: string | null) => restartsOf({ cell, metric: "latency_s", ref }, [change]);
  expect(on("refs/heads/main")).toHaveLength(1);
  expect([on("refs/heads/release"), on(null)]).toEqual([[], []]);
});
