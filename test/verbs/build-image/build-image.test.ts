import { existsSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { buildImage } from "../../../src/verbs/build-image/build-image.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const specs = join(import.meta.dirname, "../../fixtures/infra-gym/version_specs.json");
/** A machine without Docker: whatever is refused there was refused before anything is built. */
const env = { PATH: "/nowhere" };

const run = (inputs: Record<string, unknown>, more: Record<string, string> = {}) =>
  buildImage.run(buildImage.inputs.parse(inputs), recordingTools({ env: { ...env, ...more } }));

const image = { "base-image": "ubuntu:22.04", python: "3.12", pytorch: "2.5.0" };

describe("build-image refuses, before anything is built,", () => {
  test.each([
    ["to push without a registry", { specs, push: true }, "--push needs a registry"],
    ["a cache in a registry without one", { specs, layerCache: "registry" }, "--layer-cache registry needs a registry"],
    [
      "several platforms that nobody pushes",
      { specs, platforms: "linux/amd64,linux/arm64" },
      "live in a registry only",
    ],
    ["commits without their mapping", { specs, commits: "abc" }, "go with --mapping"],
    ["a mapping without commits", { mapping: "m.json" }, "--mapping needs --commits"],
    ["a compose file without specs", { images: { image }, compose: "x" }, "--compose needs the version specs"],
    ["an unknown group", { specs, targets: ["v0.7"] }, "did you mean “v0.3”, “v0.4” or “v0.5”?"],
    ["specs that are not there", { specs: "none.json" }, "none.json could not be read"],
    ["when nothing says what images there are", {}, "nothing says what images there are"],
    ["a machine without Docker", { specs }, "docker was not found on PATH"],
  ])("%s", async (_, inputs, words) => {
    await expect(run(inputs)).rejects.toThrow(words);
  });
});

describe("a dry run", () => {
  test("needs no Docker, and takes registry and prefix from Docker's own variables", async () => {
    const variables = { DOCKER_REGISTRY: "ghcr.io/acme", DOCKER_TAG_PREFIX: "gym" };
    const { text } = await run({ specs, targets: ["v0.3"], dryRun: true, push: true, kernels: "none" }, variables);
    expect(text!.split("\n").map((line) => line.split(" --build-arg")[0])).toEqual([
      "docker build",
      "docker tag gym-base:cuda12.1.0-py3.10 ghcr.io/acme/gym-base:cuda12.1.0-py3.10",
      "docker push ghcr.io/acme/gym-base:cuda12.1.0-py3.10",
      "docker build",
      "docker tag gym:v0.3 ghcr.io/acme/gym:v0.3",
      "docker push ghcr.io/acme/gym:v0.3",
    ]);
  });

  test("names proxies in both spellings and shows no value", async () => {
    const { text } = await run({ images: { image }, dryRun: true, httpsProxy: "http://me:hush@proxy" });
    expect(text).toContain("--build-arg https_proxy --build-arg HTTPS_PROXY ");
    expect(text).not.toContain("hush");
  });
});

test("a compose file is written with the Dockerfiles that it names", async () => {
  await using folder = await createFixture();
  const { ok } = await run({ specs, compose: folder.getPath("gym") });
  const written = ["docker-compose.yml", "docker/base.Dockerfile", "docker/setup_vllm_env.sh"];
  expect([ok, ...written.map((name) => existsSync(folder.getPath(`gym/${name}`)))]).toEqual([true, true, true, true]);
});
