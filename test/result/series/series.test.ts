import { describe, expect, test } from "vitest";
import { contextKey, contextOf, formatMetric, headline } from "../../../src/result/series/series.ts";
import { sampleRun } from "../../support/run-document.ts";

const run = { ...sampleRun, engine: { ...sampleRun.engine, args: ["--max-num-seqs", "64"] } };
const said = {
  what: "arguments",
  from: "--max-num-seqs 64",
  why: "a default now",
  by: "ada",
  at: "2026-11-22T06:45:01Z",
};
const renamed = (...to: string[]) => contextOf({ ...run, renamed: to.map((name) => ({ ...said, to: name })) });

describe("the arguments of a series", () => {
  test("are those of its engine, and absent where it had none that count", () => {
    expect(contextOf(run).engineArguments).toBe("--max-num-seqs 64");
    expect(contextOf(sampleRun)).not.toHaveProperty("engineArguments");
  });

  test("are what a person called them last, and none when that is none", () => {
    expect(renamed("--old 1", "--new 2").engineArguments).toBe("--new 2");
    expect(renamed("none")).toEqual(contextOf(sampleRun));
  });

  test("tell two series apart, and none is the key of before", () => {
    expect(contextKey(contextOf(run))).not.toBe(contextKey(contextOf(sampleRun)));
    expect(contextKey(renamed("none"))).toBe(contextKey(contextOf(sampleRun)));
  });
});

test("one number of a metric is its median, else its mean, or the number itself", () => {
  expect(headline({ ttft_ms: { p50: 2, mean: 3 } }, "ttft_ms")).toBe(2);
  expect(headline({ ttft_ms: { mean: 3 } }, "ttft_ms")).toBe(3);
  expect(headline({ completed: 4 }, "completed")).toBe(4);
  expect(headline({ completed: 4 }, "ttft_ms")).toBeUndefined();
  expect(formatMetric("ttft_ms", undefined)).toBe("–");
});
