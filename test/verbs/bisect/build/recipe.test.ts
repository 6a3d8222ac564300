import { describe, expect, test } from "vitest";
import { filled, recipeOf } from "../../../../src/verbs/bisect/build/recipe.ts";

const given = { engine: "vllm", build: [], engineArgs: [], repository: "/repo", output: "/out" };
const commit = "0123456789abcdef0123456789abcdef01234567";

test("the commit goes wherever its mark stands, in every word", () => {
  const recipe = recipeOf({
    ...given,
    build: ["make", "install", "PREFIX=/builds/{commit}/{commit}"],
    program: "/builds/{commit}/bin/vllm",
    engineArgs: ["--revision", "{commit}"],
  });
  expect(filled(recipe, "$&")).toEqual({
    commands: [["make", "install", "PREFIX=/builds/$&/$&"]],
    folder: "/repo",
    program: "/builds/$&/bin/vllm",
    image: undefined,
    engineArgs: ["--revision", "$&"],
  });
});

describe("without a word about builds", () => {
  test("vLLM's own wheel of the commit goes into an environment of its own", () => {
    const { commands, program } = filled(recipeOf(given), commit);
    expect(commands.map((words) => words.join(" "))).toEqual([
      `uv venv --allow-existing /out/builds/${commit}`,
      `uv pip install --python /out/builds/${commit}/bin/python --torch-backend=auto vllm --extra-index-url https://wheels.vllm.ai/${commit}`,
    ]);
    expect(program).toBe(`/out/builds/${commit}/bin/vllm`);
  });

  test("so does that of a version, from the index of packages", () => {
    const { commands } = filled(recipeOf({ ...given, versions: ["0.31.0", "0.32.0"] }), "0.32.0");
    expect(commands[1]!.at(-1)).toBe("vllm==0.32.0");
  });

  test("a container is of the image that was published for the commit, or the version", () => {
    const docker = { ...given, engine: "docker" };
    expect(filled(recipeOf(docker), commit).image).toBe(`vllm/vllm-openai:nightly-${commit}`);
    expect(filled(recipeOf({ ...docker, versions: ["a", "b"] }), "0.32.0").image).toBe("vllm/vllm-openai:v0.32.0");
  });
});

test.each([
  ["an image that is the same for all", { engine: "docker", image: "acme/engine:latest" }],
  ["a build whose place does not tell the commit", { build: ["make"] }],
  ["the mark of commits among versions", { versions: ["a", "b"], image: "acme/engine:{commit}", engine: "docker" }],
  ["the simulated engine with the same arguments", { engine: "simulated" }],
])("%s is refused", (_, more) => {
  expect(() => recipeOf({ ...given, ...more })).toThrow(/all builds would be the same: put \{(commit|version)\} into/);
});

test("a program goes with vLLM alone", () => {
  expect(() => recipeOf({ ...given, engine: "docker", program: "/b/{commit}" })).toThrow(/--program goes with/);
});
