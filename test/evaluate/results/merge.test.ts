import { symlink } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { instancesIn } from "../../../src/evaluate/dataset/dataset.ts";
import { gradeAll } from "../../../src/evaluate/results/graded.ts";
import { mergeIntoDataset } from "../../../src/evaluate/results/merge.ts";
import { infraGymEntry } from "../../support/instances.ts";
import { phases, ran } from "../../support/phase-runs.ts";
import { askedFor, savedEvidence } from "../../support/saved-evidence.ts";

const [X, Y] = ["tests/test_a.py::test_x", "tests/test_a.py::test_y"];
const base = ran({ [X]: "failed", [Y]: "passed" });
const ENDS = {
  mended: phases(base, ran({ [X]: "passed", [Y]: "passed" })),
  same: phases(base, base),
  stranger: phases(base, base),
};
const { results } = gradeAll(askedFor({ entries: { mended: {}, same: {}, stranger: {} } }), (candidate, id) =>
  savedEvidence(candidate, id, ENDS[id as keyof typeof ENDS]),
);
const entries = ["mended", "same", "left-out"].map((id) => infraGymEntry(id, { kept: { as: "it was" } }));

async function merged(text: string) {
  await using folder = await createFixture({ "data.json": text });
  const [dataset, target] = [folder.getPath("data.json"), folder.getPath("new.json")];
  const outcome = await mergeIntoDataset({ dataset, target, results });
  return {
    ...outcome,
    text: await folder.readFile("new.json", "utf8"),
    source: await folder.readFile("data.json", "utf8"),
  };
}

describe("a dataset with what the gold patches showed", () => {
  test("has their lists as JSON text, how each ended, and everything else as it was", async () => {
    const { text, source } = await merged(JSON.stringify(entries));
    const [one, two, three] = JSON.parse(text);
    expect(one).toEqual({
      ...entries[0],
      ...{ FAIL_TO_PASS: JSON.stringify([X]), PASS_TO_PASS: JSON.stringify([Y]) },
      ...{ _eval_status: "resolved", _eval_error: "" },
    });
    expect(two).toEqual({ ...entries[1], _eval_status: "unresolved", _eval_error: "no test goes from fail to pass" });
    expect(three).toEqual(entries[2]);
    expect(source).toBe(JSON.stringify(entries));
  });

  test("can be read as a dataset, and is JSON lines where it was", async () => {
    const { text } = await merged(entries.map((one) => JSON.stringify(one)).join("\n"));
    expect(text.trimEnd().split("\n")).toHaveLength(3);
    expect(instancesIn({ text, path: "new.json" })[0]?.lists).toEqual({ failToPass: [X], passToPass: [Y] });
  });

  test("comes with what is missing, too much, or shows no defect", async () => {
    const { count, warnings } = await merged(JSON.stringify(entries));
    expect(count).toBe(1);
    expect(warnings).toEqual([
      "instances without a result of the gold patch: left-out",
      "instances with a result that are not in the dataset: stranger",
      "instances without a test that goes from fail to pass: they get no lists: same, stranger",
    ]);
  });

  test("is never written over itself", async () => {
    await using folder = await createFixture({ "data.json": JSON.stringify(entries) });
    const path = folder.getPath("data.json");
    await symlink(".", folder.getPath("link"));
    await expect(
      mergeIntoDataset({ dataset: path, target: folder.getPath("link/data.json"), results }),
    ).rejects.toThrow(/is the dataset itself/);
    await expect(mergeIntoDataset({ dataset: path, target: `${folder.path}/./data.json`, results })).rejects.toThrow(
      /is the dataset itself/,
    );
  });
});
