import { describe, expect, test } from "vitest";
import { instancesIn } from "../../../src/evaluate/dataset/dataset.ts";
import { idsIn, type Selection, select } from "../../../src/evaluate/dataset/select.ts";
import { infraGymEntry } from "../../support/instances.ts";

const entries = Array.from({ length: 10 }, (_, n) =>
  infraGymEntry(`i-${n}`, {
    version: n < 4 ? "0.5.4" : "0.6.0",
    environment: { category: n % 2 === 0 ? "unit_cpu" : "gpu_model" },
  }),
);
const instances = instancesIn({ text: JSON.stringify(entries), path: "data.json" });
const chosen = (selection: Selection) =>
  select(instances, selection, ({ version }) => (version === "0.5.4" ? "v0.5" : "v0.6")).map(({ id }) =>
    Number(id.slice(2)),
  );

test("instances are chosen by id, category and group, in the order of the dataset", () => {
  expect(chosen({})).toHaveLength(10);
  expect(chosen({ ids: ["i-7", "i-2", "i-7"] })).toEqual([2, 7]);
  expect(chosen({ categories: ["unit_cpu"], groups: ["v0.5"] })).toEqual([0, 2]);
});

test("parts are the same each time, share nothing and leave out nothing", () => {
  const parts = [1, 2, 3].map((index) => chosen({ shard: { index, count: 3 } }));
  expect(parts.map(({ length }) => length)).toEqual([4, 3, 3]);
  expect(parts.flat().toSorted((a, b) => a - b)).toEqual(chosen({}));
  expect(chosen({ shard: { index: 2, count: 3 } })).toEqual(parts[1]);
});

describe("it is an error", () => {
  test("to ask for an id that is not there, and the near ones are named", () =>
    expect(() => chosen({ ids: ["i-1", "i-99"] })).toThrow(/i-99 is not in the dataset; did you mean “i-9”/));

  test("when nothing is left", () => {
    expect(() => chosen({ categories: ["api_server"] })).toThrow(
      "of 10 instances in the dataset none is of what --instances, --category and --version-group ask for together",
    );
    expect(() => chosen({ ids: ["i-1"], shard: { index: 2, count: 2 } })).toThrow(
      "of 1 instances none is left for part 2 of 2",
    );
  });
});

test("ids stand in a flag or a file, with remarks", () =>
  expect(idsIn("# some\na,b c\n\n  # none\nd\r\n")).toEqual(["a", "b", "c", "d"]));
