import { beforeAll, describe, expect, test } from "vitest";
import type { CaseResult } from "../../../src/functional/model/result.ts";
import { OPENAI_SUITE } from "../../../src/functional/openai/suite.ts";
import { held, heldWrong } from "../../bench/conformance/detect.ts";
import { deviationOf, writtenDeviations } from "../../bench/conformance/deviations.ts";
import { CONFORMING_ENGINE } from "../../bench/conformance/engine.ts";
import { simulatorHere } from "../../support/simulator-here.ts";

/** What the simulated engine lacks because vLLM does. */
const UNSUPPORTED = ["completions.suffix", "models.retrieve"];

const ids = OPENAI_SUITE.map(({ id }) => id);
const idsOf = (results: readonly CaseResult[], outcome: CaseResult["outcome"]) =>
  results.filter((result) => result.outcome === outcome).map(({ id }) => id);

test("a way to be wrong is written for every case, and for no other", () => {
  expect(ids.filter((id) => deviationOf(id) === undefined)).toEqual([]);
  expect(writtenDeviations().filter((id) => !ids.includes(id))).toEqual([]);
});

describe("the suite against the simulated engine", () => {
  let asItIs: CaseResult[];
  let wrong: CaseResult[];
  beforeAll(async () => {
    await using engine = await simulatorHere(...CONFORMING_ENGINE.args);
    const server = { url: engine.url, ...CONFORMING_ENGINE.server };
    asItIs = await held(OPENAI_SUITE, server);
    wrong = await heldWrong(OPENAI_SUITE, server);
  });

  test("finds that it conforms in all that vLLM does", () => {
    const others = asItIs.filter(({ outcome }) => outcome === "deviates" || outcome === "not_tested");
    expect(others.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
    expect(idsOf(asItIs, "unsupported").toSorted()).toEqual(UNSUPPORTED);
  });

  test("sees a deviation in each case that could be asked, where every answer is wrong", () => {
    const asked = new Set(idsOf(asItIs, "conforms"));
    const seen = new Set(idsOf(wrong, "deviates"));
    expect([...asked].filter((id) => !seen.has(id))).toEqual([]);
  });
});
