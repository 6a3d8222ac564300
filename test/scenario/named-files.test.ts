import { expect, test } from "vitest";
import { fromRoot, namedFiles } from "../../src/scenario/named-files.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

const scenario: Scenario = {
  id: "a",
  mode: "local",
  model: "m",
  functional: "configs/tests/functional_a.yaml",
  k8s_delete_yaml: "/srv/infer.yaml",
  perf: { mode: "real", profile: "configs/tests/perf/long.yaml" },
  accuracy: { task: "gpqa", samples_file: "samples.json" },
};

test("the paths of a scenario's file begin at the root, unless they begin at the machine's", () =>
  expect(fromRoot("ci", scenario)).toEqual({
    ...scenario,
    functional: "ci/configs/tests/functional_a.yaml",
    perf: { mode: "real", profile: "ci/configs/tests/perf/long.yaml" },
    accuracy: { task: "gpqa", samples_file: "ci/samples.json" },
  }));

test("a scenario that names no file stays as it is", () =>
  expect(fromRoot("ci", { id: "a", mode: "local", model: "m" })).toEqual({ id: "a", mode: "local", model: "m" }));

test("every file that a scenario names is known by its key", () =>
  expect(namedFiles({ ...scenario, manifest: "infer.yaml" })).toEqual([
    ["perf.profile", "configs/tests/perf/long.yaml"],
    ["functional", "configs/tests/functional_a.yaml"],
    ["manifest", "infer.yaml"],
    ["k8s_delete_yaml", "/srv/infer.yaml"],
    ["accuracy.samples_file", "samples.json"],
  ]));
