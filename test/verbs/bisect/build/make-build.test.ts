import { chmod } from "node:fs/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeBuild, shortName } from "../../../../src/verbs/bisect/build/make-build.ts";
import { recipeOf } from "../../../../src/verbs/bisect/build/recipe.ts";
import { recordingTools } from "../../../support/recording-tools.ts";

let fixture: FsFixture;
beforeAll(async () => {
  fixture = await createFixture({ "repo/.keep": "", "repo/envs/abc/bin/vllm": "#!/bin/sh\n", "bin/uv": UV });
  await chmod(fixture.getPath("repo/envs/abc/bin/vllm"), 0o755);
  await chmod(fixture.getPath("bin/uv"), 0o755);
});
afterAll(() => fixture.rm());

/** Makes the program of an environment, as uv does, and fails for the wheel of a commit that has none. */
const UV = `#!/bin/sh
echo "uv $*"
case "$*" in *missing*) echo "no wheel of it" >&2; exit 1;; esac
[ "$1" = venv ] || exit 0
mkdir -p "$3/bin" && printf '#!/bin/sh\\n' > "$3/bin/vllm" && chmod +x "$3/bin/vllm"
`;

const make = (name: string, more: Record<string, unknown>, tools = recordingTools()) => {
  const given = {
    engine: "vllm",
    build: [],
    engineArgs: [],
    repository: fixture.getPath("repo"),
    output: fixture.getPath("out"),
  };
  const maker = { recipe: recipeOf({ ...given, ...more }), engine: "vllm" as const, output: given.output };
  return makeBuild(name, maker, tools);
};

test("a virtual environment's folder stands for its vllm, seen from the repository", async () => {
  const build = await make("abc", { program: "envs/{commit}" });
  expect(build).toMatchObject({
    kind: "ready",
    arm: { name: "abc", program: fixture.getPath("repo/envs/abc/bin/vllm") },
  });
});

test("a build that leaves no program where it was said to be has failed", async () => {
  const build = await make("abc", { program: "envs/{commit}/vllm", build: ["true"] });
  expect(build).toMatchObject({ kind: "failed", detail: expect.stringMatching(/no program .* envs\/abc\/vllm/) });
});

test("so has one whose command is not there, and each word is taken as it is, without a shell", async () => {
  const program = { program: "envs/{commit}" };
  expect(await make("abc", { ...program, build: ["not-a-program"] })).toMatchObject({
    ...{ kind: "failed", detail: expect.stringContaining("not-a-program") },
  });
  expect(await make("abc", { ...program, build: ["test", "a b", "=", "a b"] })).toMatchObject({ kind: "ready" });
});

describe("vLLM's wheels", () => {
  const tools = () =>
    recordingTools({ env: { ...process.env, PATH: `${fixture.getPath("bin")}:${process.env.PATH}` } });

  test("go into an environment of their own, below the search's folder", async () => {
    const build = await make("0123abc", {}, tools());
    const program = fixture.getPath("out/builds/0123abc/bin/vllm");
    expect(build).toMatchObject({ kind: "ready", arm: { engine: "vllm", program } });
    expect(await fixture.readFile("out/logs/build-0123abc-2.log", "utf8")).toContain("wheels.vllm.ai/0123abc");
  });

  test("that are missing fail the build, with what uv said", async () => {
    const build = await make("missing", {}, tools());
    expect(build).toMatchObject({
      kind: "failed",
      detail: expect.stringMatching(/exit code 1, see .*: no wheel of it$/),
    });
  });
});

test("a name of any kind is safe as a folder's", () => {
  expect(shortName("0123456789abcdef0123456789abcdef01234567")).toBe("0123456789");
  expect(shortName("0.32.0")).toBe("0.32.0");
  expect(shortName("../../etc")).toMatch(/^[0-9a-f]{8}$/);
});
