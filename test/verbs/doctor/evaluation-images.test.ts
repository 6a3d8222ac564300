import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { imageDisk, images } from "../../../src/verbs/doctor/evaluation-images.ts";
import { addExecutable } from "../../support/fake-engine.ts";

/** A docker that has the image gym:here, and its data in a folder of this machine. */
async function place(asked: readonly string[]) {
  const folder = await createFixture({});
  const docker = `case "$1" in info) echo ${folder.path};; image) for last; do :; done; [ "$last" = gym:here ];; esac`;
  await addExecutable(folder.path, "docker", docker);
  const env = { ...process.env, PITWALL_DOCKER: folder.getPath("docker") };
  const shared = { runtime: "docker" as const, source: undefined, commits: [], images: asked, env };
  return { shared, [Symbol.asyncDispose]: () => folder.rm() };
}

test("images that are not on this machine are named, with where they come from", async () => {
  await using docker = await place(["gym:here", "gym:v0.5"]);
  const found = await images(docker.shared);
  expect(found).toMatchObject({ state: "absent", detail: "not on this machine: gym:v0.5" });
  expect(found?.fix).toContain("pitwall build-image");
});

test("images that are all here are good, and want no more room", async () => {
  await using docker = await place(["gym:here"]);
  expect(await images(docker.shared)).toMatchObject({ state: "good", detail: "gym:here" });
  expect(await imageDisk(docker.shared)).toMatchObject({ state: "good" });
});

test("room is wanted for each image that is not here", async () => {
  const asked = Array.from({ length: 300 }, (_, number) => `gym:${number}`);
  await using docker = await place(asked);
  const found = await imageDisk(docker.shared);
  expect(found).toMatchObject({ state: "absent", isWarning: true });
  expect(found?.fix).toBe("make room: the 300 that are not here take about 3000 GiB");
});

test("the local runtime needs no image", async () => {
  await using docker = await place(["gym:v0.5"]);
  const local = { ...docker.shared, runtime: "local" as const };
  expect(await Promise.all([images(local), imageDisk(local)])).toEqual([undefined, undefined]);
});
