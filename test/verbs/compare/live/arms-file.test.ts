import { chmodSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { readArms } from "../../../../src/verbs/compare/live/arms-file.ts";

async function arms(yaml: string, files: Record<string, string> = {}, standard = { engine: "vllm" as const }) {
  await using folder = await createFixture({ "arms.yml": yaml, ...files });
  if (files["venv/bin/vllm"] !== undefined) chmodSync(folder.getPath("venv/bin/vllm"), 0o755);
  const shown = (text: string) => text.replaceAll(folder.path, "").replaceAll(/^\/*/gm, "");
  return await readArms(folder.getPath("arms.yml"), standard, {}).then(
    (found) => found.map((arm) => ({ ...arm, ...(arm.program && { program: shown(arm.program) }) })),
    (error: Error) => {
      throw new Error(shown(error.message));
    },
  );
}

describe("a file of arms", () => {
  test("has what each is: an image, the program of an environment, arguments, a patch", async () => {
    const found = await arms(
      `arms:
  - name: base
    program: venv
  - name: patched
    program: venv/bin/vllm
    patch: fast.patch
    engineArgs: --max-num-seqs 64
  - name: image
    image: vllm/vllm-openai:v0.11.0
    engineArgs: [--enforce-eager]
`,
      { "venv/bin/vllm": "#!/bin/sh\n", "fast.patch": "diff" },
    );
    expect(found).toEqual([
      { name: "base", engine: "vllm", engineArgs: [], program: "venv/bin/vllm" },
      {
        ...{ name: "patched", engine: "vllm", engineArgs: ["--max-num-seqs", "64"], program: "venv/bin/vllm" },
        patch: "diff",
      },
      { name: "image", engine: "docker", engineArgs: ["--enforce-eager"], image: "vllm/vllm-openai:v0.11.0" },
    ]);
  });

  test("may be JSON", async () => {
    const two = [{ name: "a" }, { name: "b", engineArgs: ["--enforce-eager"] }];
    expect(await arms(JSON.stringify({ arms: two }))).toHaveLength(2);
  });
});

const two = (second: string) => `arms:\n  - name: base\n  - ${second}\n`;

test.each([
  ["one arm only", "arms:\n  - name: base\n", "arms.yml:1: arms: must have two arms or more: the first is the base"],
  ["a name twice", two("{name: base, engineArgs: -x}"), "arms.yml:3: arms[1].name: is the name of arms[0] too"],
  [
    "the same build twice",
    two("name: again"),
    "arms.yml:3: arms[1].name: is the same build as base: to measure the base against itself, leave it out and give --null",
  ],
  [
    "an unknown name",
    two("{name: b, engineArg: -x}"),
    "arms.yml:3: arms[1].engineArg: is no known name; did you mean “engineArgs”?",
  ],
  [
    "an unknown engine",
    two("{name: b, engine: sglang}"),
    "arms.yml:3: arms[1].engine: must be one of vllm, docker, simulated",
  ],
  [
    "the null arm's name",
    two("{name: 'null', engineArgs: -x}"),
    "arms.yml:3: arms[1].name: is the name of the arm that --null adds",
  ],
  ["a name that is no folder's", two("{name: a/b}"), "arms.yml:3: arms[1].name: must be a name of letters"],
  [
    "an image without docker",
    two("{name: b, engine: vllm, image: x}"),
    "arms[1].image: goes with engine docker, not with vllm",
  ],
  ["docker without an image", two("{name: b, engine: docker}"), "has no image: give one, or --image for all"],
  ["a program that is not there", two("{name: b, program: ./none}"), "arms[1].program: is no program that may be run"],
  ["a patch that is not there", two("{name: b, patch: none.patch}"), "arms[1].patch: "],
  ["a patch of nothing", two("{name: b, engine: simulated, patch: arms.yml}"), "the simulated engine is neither"],
  ["a stray quote", two(`{name: b, engineArgs: "--x 'y"}`), "arms[1].engineArgs: has a ' without its counterpart"],
  ["an argument that is pitwall's own", two("{name: b, engineArgs: --port 1}"), "--engine-args must not hold --port"],
  ["no YAML", "arms: [", "arms.yml:1: is not valid YAML"],
])("%s is refused, with its line", async (_, yaml, message) => {
  await expect(arms(yaml)).rejects.toThrow(message);
});

test("a file that is not there is refused", async () => {
  await expect(readArms("/none/arms.yml", { engine: "vllm" }, {})).rejects.toThrow("--arms: /none/arms.yml");
});
