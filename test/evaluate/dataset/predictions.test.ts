import { describe, expect, test } from "vitest";
import { candidateNames } from "../../../src/evaluate/dataset/candidate-names.ts";
import { checkAnswers, predictionsIn } from "../../../src/evaluate/dataset/predictions.ts";

const answer = (id: string, model = "m", patch: string | null = "diff") => ({
  ...{ instance_id: id, model_name_or_path: model, model_patch: patch },
});
const read = (...texts: string[]) => predictionsIn(texts.map((text, index) => ({ text, path: `p${index + 1}.json` })));
const [A, B] = [answer("a"), answer("b")];

test.each([
  ["a list", JSON.stringify([A, B])],
  ["a map by instance", JSON.stringify({ a: { ...A, instance_id: undefined }, b: B }, null, 1)],
  ["JSON lines, with an empty one", `${JSON.stringify(A)}\n\n${JSON.stringify(B)}\n`],
])("predictions are read from %s", (_what, text) =>
  expect(read(text)).toEqual([
    {
      model: "m",
      patches: new Map([
        ["a", "diff"],
        ["b", "diff"],
      ]),
    },
  ]),
);

test("several models stand side by side, from one file or several; a patch of nothing is empty", () =>
  expect(read(JSON.stringify([A, answer("a", "n", null)]), JSON.stringify([answer("b", "n", "")]))).toEqual([
    { model: "m", patches: new Map([["a", "diff"]]) },
    {
      model: "n",
      patches: new Map([
        ["a", ""],
        ["b", ""],
      ]),
    },
  ]));

describe("it is an error", () => {
  test("when a model has two patches for an instance, and both are named", () =>
    expect(() => read(JSON.stringify([A]), JSON.stringify([B, A]))).toThrow(
      "m has two patches for a: p1.json, entry 1 and p2.json, entry 2",
    ));

  test("when a patch is nobody's", () =>
    expect(() => read(JSON.stringify([A, { ...B, model_name_or_path: undefined }]))).toThrow(
      "p1.json, entry 2:\nmodel_name_or_path: is missing: say which model the patch is from",
    ));

  test("when the patch itself is missing", () =>
    expect(() => read(JSON.stringify([{ ...A, model_patch: undefined }]))).toThrow("model_patch: is missing"));

  test("when it is for what the dataset does not have", () =>
    expect(() => checkAnswers(read(JSON.stringify([A])), new Set(["ab", "x"]))).toThrow(
      /m has a patch for a, which .* “ab”/,
    ));
});

test("folders of models are their names where those are safe, and never one for two", () => {
  const models = ["gpt-5", "org/model", "org_model", "GPT-5", "gold", "../up", "-x", "é", "run.json", "trees"];
  const names = candidateNames(models);
  expect(names.get("org_model")).toMatch(/^org_model-[0-9a-f]{8}$/);
  for (const taken of ["gold", "run.json", "trees"])
    expect(names.get(taken)).toEqual(expect.stringMatching(`^${taken}-[0-9a-f]{8}$`));
  expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(models.length);
  for (const name of names.values()) expect(name).toMatch(/^[A-Za-z0-9_][\w.-]*$/);
  expect(candidateNames(["gpt-5", "claude.1"])).toEqual(
    new Map([
      ["gpt-5", "gpt-5"],
      ["claude.1", "claude.1"],
    ]),
  );
});
