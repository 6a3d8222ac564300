import { expect, test } from "vitest";
import type { Instance } from "../../../src/evaluate/instance.ts";
import { keyOf } from "../../../src/evaluate/work/key.ts";

const instance: Instance = {
  id: "small-1",
  repo: "owner/small",
  version: "0.5.0",
  baseCommit: "1".repeat(40),
  testPatch: "tests",
  goldPatch: "gold",
  targets: { kind: "ids", paths: ["tests/a.py::test_a"] },
  lists: undefined,
  category: "unit_cpu",
  minGpus: 0,
};
const made = {
  instance,
  candidate: "patch",
  environment: { name: "image:1", digest: "sha256:1" },
  runs: 1,
  limits: { phaseSeconds: 1, setUpSeconds: 1, testSeconds: 1, instanceSeconds: 1 },
  settings: { network: "none", skipBuild: false },
};

test.each([
  ["the candidate's patch", { candidate: "other" }],
  ["the phase without a candidate", { candidate: undefined }],
  ["an empty candidate", { candidate: "" }],
  ["the test patch", { instance: { ...instance, testPatch: "other" } }],
  ["the tests", { instance: { ...instance, targets: { kind: "files" as const, paths: ["tests/a.py"] } } }],
  ["the base commit", { instance: { ...instance, baseCommit: "2".repeat(40) } }],
  ["the image, under the same name", { environment: { name: "image:1", digest: "sha256:2" } }],
  ["how often phases run", { runs: 3 }],
  ["a time limit", { limits: { ...made.limits, phaseSeconds: 2 } }],
  ["a choice for the runtime", { settings: { ...made.settings, skipBuild: true } }],
])("another key comes with another %s", (_, change) => {
  expect(keyOf({ ...made, ...change })).not.toBe(keyOf(made));
});

test("the key is the same for the same in another order, under another id, and for an image by another name", () => {
  const same = {
    ...made,
    instance: { ...instance, id: "small-2", goldPatch: "other" },
    environment: { name: "other:2", digest: "sha256:1" },
    settings: { skipBuild: false, network: "none" },
  };
  expect(keyOf(same)).toBe(keyOf(made));
});
