import { expect, test } from "vitest";
import { argumentsOf, engineInputsOf, engineKindOf } from "../../src/scenario/engine-inputs.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

const scenario: Scenario = {
  id: "a",
  mode: "local",
  model: "Qwen3-32B",
  served_model_name: "qwen3-32b",
  base_url: "http://127.0.0.1:9000/v1",
  args: { tensor_parallel_size: 2 },
  startup_timeout_seconds: 1200,
};

test("arguments are flags: true alone, false left out, a list with all its values", () => {
  expect(argumentsOf({ tensor_parallel_size: 2, enforce_eager: true, x: false, cuda_graph_sizes: [1, 2] })).toEqual([
    ...["--tensor-parallel-size", "2"],
    "--enforce-eager",
    ...["--cuda-graph-sizes", "1", "2"],
  ]);
});

test("a local scenario is a server that runs, unless it is to be started", () => {
  expect(engineKindOf(scenario, {})).toBe("remote");
  expect(engineKindOf({ ...scenario, autostart: true }, {})).toBe("vllm");
  expect(engineKindOf(scenario, { VLLM_CIBENCH_AUTOSTART: "1" })).toBe("vllm");
});

test("a scenario's own switch goes before the environment's", () => {
  expect(engineKindOf({ ...scenario, autostart: false }, { VLLM_CIBENCH_AUTOSTART: "1" })).toBe("remote");
});

test("a scenario of a cluster has its service, and what its manifest brings up", () => {
  const inCluster = {
    ...scenario,
    mode: "k8s-pd" as const,
    base_path: "/v1",
    k8s: { service_name: "infer", node_port: 30_900 },
  };
  expect(engineKindOf(inCluster, {})).toBe("kubernetes");
  expect(engineInputsOf({ ...inCluster, manifest: "a.yaml" }, "kubernetes")).toEqual({
    engine: "kubernetes",
    model: "qwen3-32b",
    manifest: "a.yaml",
    service: "infer",
    nodePort: 30_900,
    startTimeout: 1200,
  });
});

test("a scenario of a cluster that names no service of it is the server at its base URL", () => {
  expect(engineKindOf({ ...scenario, mode: "k8s-hybrid" }, {})).toBe("remote");
});

test("a running server is asked under its served name, within its start-up limit", () => {
  expect(engineInputsOf(scenario, "remote")).toEqual({
    engine: "remote",
    baseUrl: "http://127.0.0.1:9000/v1",
    model: "qwen3-32b",
    startTimeout: 1200,
  });
});

test("an engine that is started gets port, arguments and name", () => {
  expect(engineInputsOf(scenario, "vllm")).toEqual({
    engine: "vllm",
    model: "Qwen3-32B",
    port: 9000,
    engineArgs: ["--tensor-parallel-size", "2", "--served-model-name", "qwen3-32b"],
    startTimeout: 1200,
  });
});

test("the simulated engine serves under the served name: it has one name for both", () => {
  expect(engineInputsOf({ ...scenario, args: { preset: "tiny" } }, "simulated")).toEqual({
    engine: "simulated",
    model: "qwen3-32b",
    port: 9000,
    engineArgs: ["--preset", "tiny"],
    startTimeout: 1200,
  });
});
