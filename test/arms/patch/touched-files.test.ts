import { expect, test } from "vitest";
import { touchedFiles } from "../../../src/arms/patch/touched-files.ts";

test("files of the package count, those that no engine reads do not", () => {
  expect(touchedFiles(["vllm/core/a.py", "tests/core/test_a.py", "README.md", ".github/x.yml"])).toEqual({
    kind: "package",
    files: ["vllm/core/a.py"],
  });
});

test.each([
  "csrc/attention.cu",
  "CMakeLists.txt",
  "setup.py",
  "requirements/cuda.txt",
  "vllm/ext/a.cpp",
  "pyproject.toml",
])("%s takes effect only in a build", (path) => {
  expect(touchedFiles(["vllm/a.py", path])).toMatchObject({
    kind: "needs-build",
    detail: expect.stringContaining(`it touches ${path}, which takes effect only in a build`),
  });
});

test("a patch of tests alone changes nothing of what runs", () => {
  expect(touchedFiles(["tests/a.py"])).toEqual({
    kind: "nothing",
    detail: "it changes no file of the package: tests/a.py",
  });
});

test.each(["vllm/../../a.py", "/etc/a.py"])("%s lies outside of the repository", (path) => {
  expect(touchedFiles([path]).kind).toBe("needs-build");
});
