import { expect, test } from "vitest";
import { weightOf } from "../../../src/arms/bisect/weights.ts";

test.each([
  ["documents", ["docs/serving.md", "README.md", "vllm/README.md"]],
  ["tests and workflows", ["tests/v1/test_core.py", ".github/workflows/ci.yml", ".buildkite/test.yaml"]],
  ["nothing at all", []],
])("a commit that touches %s is an unlikely culprit, and still one", (_, paths) => {
  expect(weightOf(paths)).toBeGreaterThan(0);
  expect(weightOf(paths)).toBeLessThan(weightOf(["vllm/v1/core.py"]));
});

test.each([["requirements/cuda.txt"], ["CMakeLists.txt"], ["setup.py"], ["vllm/docs/loader.py"], ["csrc/tests.cu"]])(
  "%s may change what runs",
  (path) => {
    expect(weightOf(["README.md", path])).toBe(weightOf(["vllm/v1/core.py"]));
  },
);
