import { describe, expect, test } from "vitest";
import { CATEGORIES } from "../../../src/arms/commits/judge/category.ts";
import { reportTables, signed } from "../../../src/arms/commits/report/tables.ts";
import { isoBenchReport, PUBLISHED } from "../../support/patches/iso-bench.ts";

describe("ISO-Bench's published results", () => {
  test("are told again from its files: 22 complete commits, with their numbers and differences", async () => {
    const { tasks, categories } = await isoBenchReport(PUBLISHED);
    expect(categories.complete).toHaveLength(22);
    const line = (short: string) => {
      const { verdicts } = tasks.find((one) => one.short === short)!;
      const { reference, value, percent } = verdicts[0]!.difference!;
      return [Math.round(reference), Math.round(value), signed(percent)];
    };
    expect(line("015069b0")).toEqual([198, 198, "0.0%"]);
    expect(line("22d33bac")).toEqual([3946, 3985, "+1.0%"]);
    expect(line("6e36f4fa")).toEqual([2414, 2784, "+15.4%"]);
    expect(line("e3580537")).toEqual([2497, 3107, "+24.4%"]);
    expect(line("fc7b8d1e")).toEqual([2214, 2598, "+17.3%"]);
    expect(line("89a84b0b")).toEqual([3559, 2967, "-16.6%"]);
  });

  test("put each of 96 commits into one category", async () => {
    const { categories, tasks } = await isoBenchReport(PUBLISHED);
    const counts = Object.fromEntries(Object.entries(categories).map(([name, commits]) => [name, commits.length]));
    expect(tasks).toHaveLength(96);
    expect(Object.keys(counts)).toEqual(Object.keys(CATEGORIES));
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(96);
    expect(counts).toMatchObject({
      complete: 22,
      human_and_agent: 1,
      agent_crashed: 3,
      large_model: 14,
      unknown_model: 6,
    });
  });

  test("count crashes, of which one more stands in a file whose numbers its own table did not read", async () => {
    const { tallies } = await isoBenchReport(PUBLISHED);
    expect(tallies).toEqual([
      expect.objectContaining({ published: { agent_wins: 6, tie: 11, human_wins: 5, agent_crashed: 3 } }),
    ]);
  });

  test("blame no patch for the image in which it crashed", async () => {
    const { tasks } = await isoBenchReport(PUBLISHED);
    const verdict = (short: string) => tasks.find((one) => one.short === short)!.verdicts[0]!;
    expect(verdict("35fad35a").blame).toMatchObject({
      on: "image",
      detail: expect.stringContaining("undefined symbol"),
    });
    expect(verdict("ad8d696a").blame).toMatchObject({ on: "unproven" });
  });

  test("prove nothing of the pairs that were measured with other prompts, and little of the others", async () => {
    const { tallies, tasks } = await isoBenchReport(PUBLISHED);
    expect(tallies[0]!.states).toEqual({
      undecided: 16,
      invalid: 4,
      load_limited: 1,
      not_valid_here: 2,
      arm_failed: 2,
    });
    expect(tallies[0]!.alike).toBe(1);
    const { state, published } = tasks.find(({ short }) => short === "e206b543")!.verdicts[0]!;
    expect([state, published]).toEqual(["invalid", "agent_wins"]);
  });

  test("stand side by side with a second agent's", async () => {
    const report = await isoBenchReport([
      ["claude", "separate_agent"],
      ["other", "combined"],
      [undefined, "separate_baseline"],
    ]);
    expect(report.agents).toEqual(["claude", "other"]);
    const [commits, outcomes, ranking] = reportTables(report);
    expect(commits!.columns).toContain("Agent");
    expect(outcomes!.rows.map(([agent]) => agent)).toEqual(["claude", "other"]);
    expect(ranking!.rows[0]![1]).toMatch(/^1\. 0\.\d\d \[0\.\d\d, 0\.\d\d\] of 25$/);
  });
});
