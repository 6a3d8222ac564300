import { describe, expect, test } from "vitest";
import { type BuildHow, buildCommand, pushCommands } from "../../../src/images/build/commands.ts";
import { shellLines } from "../../../src/images/build/shell-lines.ts";
import type { PlannedImage } from "../../../src/images/plan/planned-image.ts";

const image: PlannedImage = {
  ...{ tag: "gym:v1", recipe: "group", parent: "gym-base:1", args: { TEST: "a b's $x" }, labels: {}, kernels: ["k"] },
};
const plain: BuildHow = {
  ...{ builder: "buildx", folder: "docker", registry: "host:5000/me", push: true, noCache: false, platforms: [] },
  ...{ layerCache: undefined, buildArgs: ["A=1"], buildOptions: [], proxies: ["http_proxy"] },
};
const words = (how: Partial<BuildHow>) => buildCommand(image, "KEY", { ...plain, ...how }).words.join(" ");

test("the value of a proxy is on no command line", () => {
  expect(words({})).toContain("--build-arg A=1 --build-arg http_proxy ");
});

describe("a build that shares layers", () => {
  test("with GitHub has a scope for each image, and takes what is below from the registry", () => {
    const line = words({ layerCache: "gha" });
    expect(line).toMatch(
      /^buildx build --push --cache-from type=gha,scope=gym-v1 --cache-to type=gha,scope=gym-v1,mode=max /,
    );
    expect(line).toContain("--build-arg PARENT_IMAGE=host:5000/me/gym-base:1");
    expect(line).toContain("--tag host:5000/me/gym:v1");
    expect(pushCommands(image, { ...plain, layerCache: "gha" })).toEqual([]);
  });

  test("with a registry has a name for each image", () => {
    expect(words({ layerCache: "registry" })).toContain("--cache-from type=registry,ref=host:5000/me/gym-cache:v1 ");
  });
});

test("several platforms are built at once, one is an option of any build", () => {
  expect(words({ platforms: ["linux/amd64", "linux/arm64"] })).toMatch(
    /^buildx build --push --platform linux\/amd64,linux\/arm64 /,
  );
  expect(words({ platforms: ["linux/arm64"] })).toMatch(/^build --platform linux\/arm64 /);
});

test("printed lines of an old client ask for BuildKit, and only where something is built", () => {
  expect(shellLines(image, "KEY", { ...plain, builder: "variable" }).map((line) => line.split(" --")[0])).toEqual([
    "DOCKER_BUILDKIT=1 docker build",
    'absent="$(docker run',
    "printf '%s\\n' 'FROM gym:v1' | DOCKER_BUILDKIT=1 docker build",
    "docker tag gym:v1 host:5000/me/gym:v1",
    "docker push host:5000/me/gym:v1",
  ]);
});
