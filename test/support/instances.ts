/** An entry in infra-gym's shape. */
export const infraGymEntry = (id = "owner__name-1-2", changes: object = {}) => ({
  instance_id: id,
  repo: "owner/name",
  version: "0.5.4",
  base_commit: "a".repeat(40),
  fix: { patch: "diff --git a/x.py b/x.py\n" },
  tests: {
    test_patch: "diff --git a/tests/test_a.py b/tests/test_a.py\n--- a/tests/test_a.py\n+++ b/tests/test_a.py\n",
    test_files: [{ filename: "tests/test_a.py", status: "modified" }],
    test_ids: { all_test_ids: ["tests/test_a.py::test_x", "tests/test_a.py::test_y"], affected_test_files: [] },
  },
  environment: { category: "unit_cpu", min_gpus: 0 },
  ...changes,
});

/** The same in SWE-bench's. */
export const sweBenchEntry = (id = "owner__name-1", changes: object = {}) => ({
  instance_id: id,
  repo: "owner/name",
  version: "1.0",
  base_commit: "b".repeat(40),
  patch: "diff --git a/x.py b/x.py\n",
  test_patch: "--- a/tests/test_a.py\n+++ b/tests/test_a.py\n",
  FAIL_TO_PASS: '["tests/test_a.py::test_x"]',
  PASS_TO_PASS: '["tests/test_b.py::test_y"]',
  ...changes,
});
