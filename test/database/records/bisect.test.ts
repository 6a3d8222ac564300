import { expect, test } from "vitest";
import { BISECT } from "../../../src/database/records/bisect.ts";
import { sampleBisect } from "../../support/sample-bisect.ts";

test("the commit of a record says what was searched and found", () => {
  expect(BISECT.message([sampleBisect]).source).toBe(
    "Add bisect of latency-sweep/in_512_out_128_bs_1 latency_s between aaaaaaaaaa and dddddddddd: culprit\n\n" +
      "cccccccccc raised latency_s by 5.0 %\n",
  );
  const { result: _, ...going } = sampleBisect;
  expect(BISECT.message([going]).source).toContain("dddddddddd: not ended\n\nIt goes on.\n");
});

test("a record that speaks of a build that it does not have is unsound", () => {
  const { result, ...rest } = sampleBisect;
  const stray = { ...rest, result: { ...result!, runnerUp: { ...result!.runnerUp!, to: 4 } } };
  expect(BISECT.unsound(stray, "")).toBe(
    "the bisect 20261124T093000Z-0badcafe speaks of build 4, which it does not have",
  );
});

test("pages show long texts of others cut", () => {
  const long = "x".repeat(100_000);
  const [first, ...builds] = sampleBisect.builds;
  const told = { ...sampleBisect, model: long, builds: [{ ...first!, subject: long, skipped: long }, ...builds] };
  expect(JSON.stringify(BISECT.shown(told)).length).toBeLessThan(20_000);
});
