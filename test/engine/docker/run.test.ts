import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../../src/engine/docker/image.ts";
import { type ContainerPlan, dockerRunArguments } from "../../../src/engine/docker/run.ts";
import { engineEnvironment } from "../../../src/engine/launch/command.ts";

const ENV = { HOME: "/home/me" };
const PLAN: ContainerPlan = {
  name: "pitwall-1",
  imageId: "sha256:1d",
  entrypoint: ["vllm", "serve"],
  network: "bridge",
  gpus: "auto",
  gpuCount: 1,
  dockerArgs: [],
  host: "127.0.0.1",
  port: 8123,
  model: "org/model",
  engineArgs: ["--max-model-len", "2048"],
};
const argumentsOf = (plan: Partial<ContainerPlan> = {}, env: NodeJS.ProcessEnv = ENV) =>
  dockerRunArguments({ ...PLAN, ...plan }, env);
const afterImage = (plan: Partial<ContainerPlan>) =>
  argumentsOf(plan).slice(argumentsOf(plan).indexOf("sha256:1d") + 1);
const line = (plan: Partial<ContainerPlan> = {}, env?: NodeJS.ProcessEnv) => argumentsOf(plan, env).join(" ");

test("a container with GPUs, the host's shared memory, a port on loopback and the Hugging Face cache", () => {
  expect(argumentsOf()).toEqual([
    ...["run", "--rm", "--name", "pitwall-1", "--label", "pitwall=pitwall-1"],
    ...["--gpus", "all", "--ipc", "host", "--publish", "127.0.0.1:8123:8000"],
    ...["--volume", "/home/me/.cache/huggingface:/huggingface", "--env", "HF_HOME=/huggingface"],
    ...["sha256:1d", "org/model", "--host", "0.0.0.0", "--port", "8000", "--max-model-len", "2048"],
  ]);
});

describe("GPUs", () => {
  test.each([
    ["auto", 0, undefined],
    ["none", 2, undefined],
    ["auto", 2, "all"],
    ["1", 0, "1"],
    ["device=1", 2, "device=1"],
    ["device=0,1", 2, '"device=0,1"'],
  ])("%s on a machine with %i", (gpus, gpuCount, expected) => {
    const given = argumentsOf({ gpus, gpuCount });
    expect(given.includes("--gpus") ? given[given.indexOf("--gpus") + 1] : undefined).toBe(expected);
  });
});

describe("shared memory", () => {
  test("of its own when a size is given", () => {
    expect(line({ shmSize: "16g" })).toContain("--shm-size 16g");
    expect(line({ shmSize: "16g" })).not.toContain("--ipc");
  });

  test.each([["--ipc=private"], ["--shm-size=1g"]])("is the user's with %s", (argument) => {
    expect(line({ dockerArgs: [argument] })).not.toContain("--ipc host");
  });
});

describe("network", () => {
  test("of the host where there are no bridges: the engine itself listens on loopback", () => {
    expect(line({ network: "host" })).toContain("--network host");
    expect(line({ network: "host" })).not.toContain("--publish");
    expect(afterImage({ network: "host" })).toEqual(expect.arrayContaining(["--host", "127.0.0.1", "--port", "8123"]));
  });

  test("of the host by the user's own argument is named once", () => {
    const given = line({ network: "host", dockerArgs: ["--network=host"] });
    expect(given).not.toContain("--network host");
    expect(given).toContain("--network=host sha256:1d");
  });

  test("with an IPv6 address is written as docker reads it", () => {
    expect(line({ host: "::1" })).toContain("--publish [::1]:8123:8000");
  });
});

describe("environment", () => {
  test("secrets go by name, and their values are nowhere", () => {
    const given = line({}, { ...ENV, HF_TOKEN: "hf_value", VLLM_CPU_KVCACHE_SPACE: "1", AWS_SECRET: "no" });
    expect(given).toContain("--env HF_TOKEN --env VLLM_CPU_KVCACHE_SPACE");
    expect(given).not.toMatch(/hf_value|AWS/);
  });

  test("folders of this machine stay here", () => {
    expect(line({}, { ...ENV, VLLM_CACHE_ROOT: "/x" })).not.toContain("VLLM_CACHE_ROOT");
  });

  test("a proxy given in one spelling goes on in both", () => {
    const env = engineEnvironment("docker", { ...ENV, HTTPS_PROXY: "http://proxy:1", http_proxy: "http://proxy:2" });
    expect(env).toMatchObject({ https_proxy: "http://proxy:1", HTTP_PROXY: "http://proxy:2" });
    expect(line({}, env)).toMatch(/--env http_proxy --env https_proxy .*--env HTTP_PROXY --env HTTPS_PROXY/);
  });
});

describe("mounts", () => {
  test("the cache is where HF_HOME says", () => {
    expect(line({}, { ...ENV, HF_HOME: "/data/hf" })).toContain("--volume /data/hf:/huggingface");
  });

  test("a model that is a folder here is there under the same path, read only", async () => {
    await using folder = await createFixture({ "model/config.json": "{}" });
    const model = folder.getPath("model");
    expect(line({ model })).toContain(`--volume ${model}:${model}:ro`);
    expect(afterImage({ model })[0]).toBe(model);
  });

  test("a path that is not here is left to the image", () => {
    expect(line({ model: "/models/inside" })).not.toContain("/models/inside:");
  });
});

describe("what the image is told to run", () => {
  test.each([
    [["vllm", "serve"], ["org/model"]],
    [
      ["python3", "-m", "vllm.entrypoints.openai.api_server"],
      ["--model", "org/model"],
    ],
    [["vllm"], ["serve", "org/model"]],
    [["/opt/nvidia/nvidia_entrypoint.sh"], ["vllm", "serve", "org/model"]],
    [[], ["vllm", "serve", "org/model"]],
  ])("whose own program is %j", (entrypoint, expected) => {
    expect(afterImage({ entrypoint }).slice(0, expected.length + 1)).toEqual([...expected, "--host"]);
  });

  test.each([[["--entrypoint", "vllm"]], [["--entrypoint=vllm"]]])("the user's entrypoint counts: %j", (dockerArgs) => {
    expect(afterImage({ entrypoint: [], dockerArgs }).slice(0, 2)).toEqual(["serve", "org/model"]);
  });
});

describe("the digest of an image", () => {
  test.each([
    ["org/a:1", ["org/b@sha256:2", "org/a@sha256:1"], "org/a@sha256:1"],
    ["host:5000/a", ["host:5000/a@sha256:3"], "host:5000/a@sha256:3"],
    ["org/a@sha256:1", ["org/a@sha256:1"], "org/a@sha256:1"],
    ["mine", ["org/b@sha256:2"], "org/b@sha256:2"],
    ["mine", [], undefined],
  ])("%s of %j", (image, digests, expected) => {
    expect(digestOf(image, digests)).toBe(expected);
  });
});
