import { expect, test } from "vitest";
import { planTable } from "../../../src/report/experiments/experiment-plan.ts";

const planned = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `c${at}`, model: "m", engineArgs: ["--a", String(at)] }));

test("a plan has a row for each combination, with what is not told and what would not run", () => {
  const list = [...planned(1), { name: "bad", model: undefined, engineArgs: [], knownBad: "out of memory" }];
  expect(planTable(list)).toMatchObject({
    columns: ["Name", "Model", "Engine arguments", "Runs"],
    rows: [
      ["c0", "m", "--a 0", "yes"],
      ["bad", "–", "–", "no, known bad: out of memory"],
    ],
  });
});

test("a plan of more than 200 shows as many, and says how many more there are", () => {
  const all = planTable(planned(200));
  expect(all.rows).toHaveLength(200);
  expect(all).not.toHaveProperty("note");
  const cut = planTable(planned(203));
  expect(cut.rows.at(-1)![0]).toBe("c199");
  expect(cut.note).toBe("and 3 more: --json has all of them");
});
