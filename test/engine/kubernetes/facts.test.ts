import { describe, expect, test } from "vitest";
import { engineArguments, factsOfPods } from "../../../src/engine/kubernetes/facts.ts";
import { Node } from "../../../src/engine/kubernetes/route.ts";
import { podOf } from "../../support/pods.ts";

const node = (labels: object) => Node.parse({ apiVersion: "v1", kind: "Node", metadata: { name: "node-1", labels } });
const GPU = { resources: { limits: { "nvidia.com/gpu": "2" } } };
const DIGEST = `sha256:${"ab".repeat(32)}`;

describe("the arguments of an engine in a pod", () => {
  const of = (container: object) => engineArguments({ name: "vllm", ...container });

  test("are what comes behind the model, without address, port and secrets", () => {
    const args = [
      "--host=0.0.0.0",
      "--port",
      "8000",
      "--max-model-len",
      "4096",
      "--api-key",
      "hush",
      "--enforce-eager",
    ];
    const kept = ["--max-model-len", "4096", "--enforce-eager"];
    expect(of({ command: ["vllm", "serve"], args: ["org/model", ...args] })).toEqual(kept);
    expect(of({ args: ["--model", "org/model", ...args] })).toEqual(kept);
    expect(of({ command: ["python3", "-m", "vllm.entrypoints.openai.api_server"], args })).toEqual(kept);
  });

  test("of a shell's line are those of the command that serves", () => {
    const line = "pip install x && exec vllm serve org/model \\\n  --served-model-name 'my model' -tp 2; sleep 5";
    expect(of({ command: ["/bin/sh", "-c"], args: [line] })).toEqual(["--served-model-name", "my model", "-tp", "2"]);
  });

  test("of a container that says nothing are none", () => {
    expect(of({})).toEqual([]);
  });
});

test("GPUs are counted by limits and named by the labels of the pods' nodes", () => {
  const labels = { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3", "nvidia.com/cuda.driver-version.full": "570.86" };
  const pods = [podOf({ name: "prefill", container: GPU }), podOf({ name: "decode", container: GPU })];
  expect(factsOfPods(pods, [node(labels)])).toMatchObject({
    gpu: "NVIDIA-H100-80GB-HBM3",
    gpuCount: 4,
    driver: "570.86",
  });
});

test("what nobody says is not known", () => {
  expect(factsOfPods([podOf()], [])).toEqual({
    args: [],
    image: "org/vllm:1",
    gpu: null,
    gpuCount: null,
    driver: null,
  });
});

test("image and digest are those of the container that computes, not of a proxy beside it", () => {
  const status = { imageID: `docker-pullable://registry.example/org/vllm@${DIGEST}` };
  const engine = podOf({ container: { ...GPU, args: ["--seed", "1"] }, status });
  const proxy = podOf({ name: "proxy", container: { image: "org/proxy:2", args: ["--policy", "x"] } });
  expect(factsOfPods([proxy, engine], [])).toMatchObject({
    args: ["--seed", "1"],
    image: "org/vllm:1",
    imageDigest: `registry.example/org/vllm@${DIGEST}`,
  });
});

test("replicas with the same arguments give them once", () => {
  const replica = (name: string) => podOf({ name, container: { args: ["--seed", "1"] } });
  expect(factsOfPods([replica("a"), replica("b")], []).args).toEqual(["--seed", "1"]);
});
