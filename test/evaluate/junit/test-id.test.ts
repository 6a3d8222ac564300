import { describe, expect, test } from "vitest";
import { readJunit } from "../../../src/evaluate/junit/report.ts";
import { type KnownTests, nodesOver, testId } from "../../../src/evaluate/junit/test-id.ts";
import { realReport } from "../../support/junit-fixtures.ts";

const NOTHING: KnownTests = { ids: new Set(), files: new Set() };
const known = ({ ids = [], files = [] }: { ids?: string[]; files?: string[] }): KnownTests => ({
  ids: new Set(ids),
  files: new Set(files),
});
const idsOf = (name: string, what = NOTHING) => readJunit(realReport(name)).cases.map((one) => testId(one, what));

test("ids are those that pytest prints: classes, and parameters with every character", () => {
  const ids = idsOf("outcomes");
  expect(ids[0]).toBe("tests/test_outcomes.py::test_pass");
  expect(ids.slice(11)).toEqual(
    [
      ...["TestGroup::test_method", "TestGroup::TestInner::test_deep"],
      ...["test_words[a b]", "test_words[x::y]", "test_words[[z]]", "test_words[it's]", 'test_words["q"]'],
      ...["test_words[$HOME]", "test_words[a/b.py]", "test_words[\\xfc]", "test_words[<&>]"],
      ...["test_words[new\\nline]", "test_words[-x]"],
    ].map((name) => `tests/test_outcomes.py::${name}`),
  );
});

describe("where a class and a folder have the same names", () => {
  const [OF_CLASS, OF_FOLDER] = [
    "tests/naming/test_shape.py::TestRound::test_it",
    "tests/naming/test_shape/TestRound.py::test_it",
  ];

  test("the report's own files settle it", () => expect(idsOf("naming-with-files")).toEqual([OF_CLASS, OF_FOLDER]));

  test("else the ids that were asked for do", () =>
    expect(idsOf("naming", known({ ids: [OF_FOLDER] }))[1]).toBe(OF_FOLDER));

  test("else the files do", () =>
    expect(idsOf("naming", known({ files: ["tests/naming/test_shape/TestRound.py"] }))[1]).toBe(OF_FOLDER));

  test("else pytest's usual names of files do", () => expect(idsOf("naming")[0]).toBe(OF_CLASS));

  test("an id that begins like the one asked for is not it", () =>
    expect(idsOf("naming", known({ ids: [`${OF_FOLDER}[x]`] }))[1]).toBe(OF_CLASS));
});

describe("what cannot be read", () => {
  test("is a file", () => {
    const ids = ["tests/test_broken.py", "tests/test_skipped_module.py"];
    expect(idsOf("broken")).toEqual(ids);
    expect(idsOf("broken-with-files")).toEqual(ids);
  });

  test("is a folder where only files in it are known", () =>
    expect(idsOf("broken", known({ files: ["tests/test_broken/test_one.py"] }))[0]).toBe("tests/test_broken"));
});

test("a test is in its folders, its file and its classes, whatever its parameters are", () =>
  expect(nodesOver("tests/a/test_b.py::TestC::test_d[x/y::z]")).toEqual([
    ...["tests", "tests/a", "tests/a/test_b.py", "tests/a/test_b.py::TestC", "tests/a/test_b.py::TestC::test_d"],
    "tests/a/test_b.py::TestC::test_d[x/y::z]",
  ]));
