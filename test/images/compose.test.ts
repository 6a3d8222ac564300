import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { composeFile } from "../../src/images/compose.ts";
import { planImages } from "../../src/images/plan/plan.ts";
import { parseVersionSpecs } from "../../src/images/specs/version-specs.ts";

const file = join(import.meta.dirname, "../fixtures/infra-gym/version_specs.json");
const specs = parseVersionSpecs(readFileSync(file, "utf8"), file);
const { images } = planImages({ specs, own: {}, tagPrefix: undefined, kernels: undefined });
const { services } = parse(composeFile(specs, images, { tagPrefix: undefined, context: "./docker" }));

describe("the compose file", () => {
  test("has infra-gym's services, and the bases that they are built from", () => {
    expect(Object.keys(services)).toEqual([
      ...["cuda11.8.0-py3.10", "cuda12.1.0-py3.10", "cuda12.4.0-py3.10", "cuda12.4.0-py3.12"].map(
        (name) => `base-${name}`,
      ),
      ...["vllm-v0.1-v0.2", "vllm-v0.3", "vllm-v0.4", "vllm-v0.5", "vllm-v0.6", "vllm-cpu"],
    ]);
    expect(services["vllm-v0.5"].build).toMatchObject({
      ...{ context: "./docker", dockerfile: "group.Dockerfile" },
      args: { PARENT_IMAGE: "parent", PYTORCH_VERSION: "2.4.0", http_proxy: null, HTTP_PROXY: null },
      additional_contexts: { parent: "service:base-cuda12.4.0-py3.10" },
    });
  });

  test("mounts a clone that has to be named, and begins in it", () => {
    const { volumes, working_dir } = services["vllm-v0.5"];
    expect(volumes[0]).toMatch(/^\$\{VLLM_REPO_PATH:\?.+\}:\/workspace\/vllm$/);
    expect(volumes.slice(1)).toEqual([
      "./results:/workspace/results",
      "./patches:/workspace/patches:ro",
      expect.stringContaining(":/home/vllm/.cache/huggingface"),
    ]);
    expect(working_dir).toBe("/workspace/vllm");
  });

  test("gives groups all GPUs and memory to share, and the CPU's service neither", () => {
    expect(services["vllm-v0.6"]).toMatchObject({
      ...{ shm_size: "16gb", ulimits: { memlock: -1, stack: 67_108_864 } },
      deploy: { resources: { reservations: { devices: [{ driver: "nvidia", count: "all", capabilities: ["gpu"] }] } } },
    });
    expect(services["vllm-cpu"]).toMatchObject({ image: "infra-gym:v0.5", shm_size: "4gb" });
    expect(services["vllm-cpu"].deploy).toBeUndefined();
    expect(services["vllm-cpu"].environment).toContain("CUDA_VISIBLE_DEVICES=");
  });
});
