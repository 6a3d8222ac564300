import { describe, expect, test } from "vitest";
import { instancesIn } from "../../../src/evaluate/dataset/dataset.ts";
import { infraGymEntry, sweBenchEntry } from "../../support/instances.ts";

const read = (text: string) => instancesIn({ text, path: "data.json" });
const readAll = (...entries: object[]) => read(JSON.stringify(entries));
const withTests = (tests: object) => infraGymEntry("a", { tests: { test_patch: "", ...tests } });

test("infra-gym's shape has no lists: they come from the gold patch's run", () =>
  expect(readAll(infraGymEntry())).toMatchObject([
    {
      ...{ id: "owner__name-1-2", repo: "owner/name", version: "0.5.4", lists: undefined, minGpus: 0 },
      ...{
        category: "unit_cpu",
        targets: { kind: "ids", paths: ["tests/test_a.py::test_x", "tests/test_a.py::test_y"] },
      },
    },
  ]));

test.each([
  ["JSON text", {}],
  ["lists", { FAIL_TO_PASS: ["tests/test_a.py::test_x"], PASS_TO_PASS: ["tests/test_b.py::test_y"] }],
])("SWE-bench's shape has its lists as %s, and their files are run", (_what, changes) =>
  expect(readAll(sweBenchEntry("a", changes))).toMatchObject([
    {
      lists: { failToPass: ["tests/test_a.py::test_x"], passToPass: ["tests/test_b.py::test_y"] },
      targets: { kind: "files", paths: ["tests/test_a.py", "tests/test_b.py"] },
    },
  ]),
);

test("JSON lines are read as well, and empty ones passed over", () =>
  expect(read(`\n${JSON.stringify(sweBenchEntry("a"))}\n\n${JSON.stringify(infraGymEntry("b"))}\n`)).toMatchObject([
    { id: "a" },
    { id: "b" },
  ]));

describe("what is run", () => {
  test.each([
    [
      "its tests",
      { test_ids: { all_test_ids: ["t.py::x"], affected_test_files: ["u.py"] } },
      { kind: "ids", paths: ["t.py::x"] },
    ],
    [
      "else the files that it affects",
      { test_ids: { all_test_ids: [], affected_test_files: ["u.py"] } },
      { kind: "files", paths: ["u.py"] },
    ],
    [
      "else the test files that it changes, and no others",
      {
        test_files: [
          { filename: "t.py" },
          { filename: "tests/conftest.py" },
          { filename: "x.json" },
          { filename: "old.py", status: "removed" },
        ],
      },
      { kind: "files", paths: ["t.py"] },
    ],
    ["else nothing, never the whole repository", {}, { kind: "none" }],
  ])("%s", (_what, tests, targets) => expect(readAll(withTests(tests))).toMatchObject([{ targets }]));
});

test("an instance for GPUs needs one where nothing says how many", () => {
  const gpus = (environment: object) => readAll(infraGymEntry("a", { environment }))[0]!.minGpus;
  expect([
    gpus({ category: "gpu_model" }),
    gpus({ category: "gpu_distributed", min_gpus: 4 }),
    gpus({ category: "unit_cpu" }),
  ]).toEqual([1, 4, 0]);
});

describe("a mistake is told with its entry, instance and field", () => {
  test.each([
    ["a missing key", { base_commit: undefined }, "base_commit: is missing"],
    ["a commit that is cut", { base_commit: "abc123" }, "base_commit: must be the 40 hexadecimal digits of a commit"],
    ["a missing patch", { fix: {} }, "fix.patch: is missing"],
    ["an unknown category", { environment: { category: "gpu" } }, "environment.category: must be one of"],
    ["a list that is there and empty", { FAIL_TO_PASS: "[]" }, "FAIL_TO_PASS: names no test; leave it out"],
    ["a list that is none", { FAIL_TO_PASS: "test_x" }, "FAIL_TO_PASS: must be a list"],
    ["a test that begins like a flag", { FAIL_TO_PASS: ["-x::y"] }, "FAIL_TO_PASS[0]: must not begin with “-”"],
    [
      "a test that begins like a file of flags",
      { PASS_TO_PASS: ["@x::y"] },
      "PASS_TO_PASS[0]: must not begin with “@”",
    ],
    [
      "an absolute path",
      { tests: { test_patch: "", test_ids: { all_test_ids: ["/etc/x.py::a"] } } },
      "must be a path from the root",
    ],
    [
      "a path that leads out",
      { tests: { test_patch: "", test_ids: { all_test_ids: ["a/../../x.py::a"] } } },
      "must not lead out",
    ],
  ])("%s", (_what, changes, words) =>
    expect(() => readAll(sweBenchEntry("fine"), infraGymEntry("bad-1", changes))).toThrow(
      new RegExp(`data\\.json, entry 2 \\(bad-1\\):\\n.*${words.replace(/[[\]]/g, "\\$&")}`),
    ),
  );

  test.each(["-flag", ".hidden", "a/b", "..", "a b", "", "run.json"])("an id that is no name of a folder: “%s”", (id) =>
    expect(() => readAll(infraGymEntry(id))).toThrow(/entry 1.*\n.*instance_id: must/),
  );
});

test("two entries of one id are refused, and both named", () =>
  expect(() => readAll(infraGymEntry("a"), infraGymEntry("b"), sweBenchEntry("a"))).toThrow(
    "data.json has a twice: entries 1 and 3. Remove one of them",
  ));

test.each([
  ["[]", "data.json has no entries"],
  ["", "data.json is empty"],
  ["[1]", "data.json, entry 1: must be a map"],
  ["{}", "data.json, entry 1:\ninstance_id: is missing"],
  ["[{]", "data.json is not valid JSON"],
])("a file without instances is refused: %s", (text, words) => expect(() => read(text)).toThrow(words));
