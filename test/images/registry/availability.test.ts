import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { lookUp } from "../../../src/images/registry/availability.ts";
import { parseRepository } from "../../../src/images/registry/place.ts";
import { findDocker } from "../../../src/machine/docker/client.ts";
import { addExecutable } from "../../support/fake-engine.ts";
import { registryServer } from "../../support/registry-server.ts";

const FAKE_DOCKER = join(import.meta.dirname, "../../support/fake-docker.ts");

/** Looks tags up with a docker whose images are those named. */
async function looked(repository: string, tags: readonly string[], { here = [] as string[], noDocker = false } = {}) {
  await using folder = await createFixture({});
  for (const image of here)
    writeFileSync(folder.getPath(`image-${image.replaceAll(/[/:]/g, "_")}`), JSON.stringify({ Id: "sha256:1" }));
  const script = `exec "${process.execPath}" "${FAKE_DOCKER}" "${folder.path}" "$@"`;
  const PITWALL_DOCKER = await addExecutable(folder.path, "docker", script);
  const env = { ...process.env, PITWALL_DOCKER };
  const place = parseRepository(repository);
  const docker = noDocker ? undefined : findDocker(env);
  const found = await lookUp(tags, { repository, place, docker, env, signal: new AbortController().signal });
  return Object.fromEntries([...found].map(([tag, one]) => [tag, one.state]));
}

test("an image is looked for on this machine, then by its manifest in the registry", async () => {
  await using server = await registryServer({ tags: ["b"] });
  const found = await looked(server.repository, ["a", "b", "c", "a"], { here: [`${server.repository}:a`] });
  expect(found).toEqual({ a: "here", b: "in_registry", c: "missing" });
  expect(server.asked).toEqual(["HEAD /v2/acme/vllm/manifests/b", "HEAD /v2/acme/vllm/manifests/c"]);
});

test("a registry that does not answer is asked once, and what it has is not known", async () => {
  const server = await registryServer({ tags: [] });
  await server[Symbol.asyncDispose]();
  const found = await looked(server.repository, ["a", "b"], { here: [`${server.repository}:b`] });
  expect(found).toEqual({ a: "unknown", b: "here" });
});

test("where the registry does not tell, Docker's client is asked, which may have an account", async () => {
  await using server = await registryServer({ tags: [], status: 401 });
  expect(await looked(server.repository, ["private", "missing"])).toEqual({
    private: "in_registry",
    missing: "missing",
  });
  expect(await looked(server.repository, ["private"], { noDocker: true })).toEqual({ private: "unknown" });
});
