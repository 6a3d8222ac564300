import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { LiveComparison } from "../../src/arms/live-comparison.ts";
import { buildLayer, removeLayers } from "../../src/arms/patch/image-layer.ts";
import { startPitwall } from "../support/cli.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { json, jsonIfThere, until } from "../vllm/pitwall.ts";
import { importStandInBase } from "./stand-in/base.ts";

const dockerHost = inject("dockerHost");
const docker = (...args: string[]) =>
  execFileSync("docker", ["--host", dockerHost, ...args], { encoding: "utf8" }).trim();
const containers = () => docker("ps", "--all", "--format", "{{.Names}}");
const layers = () => docker("image", "ls", "--filter", "label=pitwall.compare", "--quiet");

const armsFile = (...arms: object[]) => JSON.stringify({ arms });
const FIRST = { name: "first", image: "pitwall-test/vllm:1", engineArgs: "--fixed-ttft 40 --fixed-itl 4" };
const SECOND = { name: "second", image: "pitwall-test/vllm:2", engineArgs: "--fixed-ttft 50 --fixed-itl 5" };
const COMPARE = [
  ...["compare", "--live", "--arms", "arms.json", "--model", "sim/h100-8b", "--port", "0", "--quiet-wait", "0"],
  ...["--benchmarks", "serve-benchmark", "--pairs", "32:8", "--concurrency", "2", "--num-prompts", "8"],
  ...["--warmup-requests", "2", "--max-blocks", "2"],
];

async function workplace(...arms: object[]) {
  const folder = await createFixture({ "arms.json": armsFile(...arms) });
  const env = { DOCKER_HOST: dockerHost, HF_HOME: folder.getPath("hf"), NO_COLOR: "1" };
  return {
    out: (name: string) => folder.getPath(".pitwall/compare", name),
    compare: (...more: string[]) => startPitwall([...COMPARE, ...more], folder.path, env),
    [Symbol.asyncDispose]: () => folder.rm(),
  };
}

describe("arms that are images", () => {
  test("by two tags are compared, and one that is missing is left out alone", async () => {
    docker("tag", "pitwall-test/vllm:1", "pitwall-test/vllm:2");
    await using place = await workplace(FIRST, { name: "missing", image: "pitwall-test/none:1" }, SECOND);
    const { exitCode, stderr } = await place.compare().ended;
    expect(exitCode, stderr).toBe(0);
    const { arms, comparisons } = LiveComparison.parse(json(place.out("comparison.json")));
    expect(arms).toMatchObject([
      { name: "first", measurements: 4 },
      { name: "missing", measurements: 0, failure: { reason: "image_missing", whose: "environment" } },
      { name: "second", measurements: 4 },
    ]);
    const tpot = comparisons.find(({ arm, metric }) => arm === "second" && metric === "tpot_ms");
    expect(tpot!.ratio).toBeGreaterThan(1.1);
    expect(containers()).toBe("");
  });

  test("leave no container when the comparison is killed, once it goes on", async () => {
    docker("tag", "pitwall-test/vllm:1", "pitwall-test/vllm:2");
    await using place = await workplace(FIRST, SECOND);
    const killed = place.compare();
    await until(() => jsonIfThere(place.out("blocks/1/2-second/engine.json")), killed);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(containers()).not.toBe("");
    const { exitCode, stderr } = await place.compare("--max-blocks", "1").ended;
    expect(exitCode, stderr).toBe(0);
    expect(containers()).toBe("");
  });
});

const PYTHON_IMAGE = "pitwall-test/package:1";
const PATCH = `diff --git a/vllm/__init__.py b/vllm/__init__.py
--- a/vllm/__init__.py
+++ b/vllm/__init__.py
@@ -1 +1 @@
-SPEED = 1
+from vllm.fast import SPEED
diff --git a/vllm/fast.py b/vllm/fast.py
new file mode 100644
--- /dev/null
+++ b/vllm/fast.py
@@ -0,0 +1 @@
+SPEED = 2
diff --git a/vllm/slow.py b/vllm/slow.py
deleted file mode 100644
--- a/vllm/slow.py
+++ /dev/null
@@ -1 +0,0 @@
-SLOW = 1
`;

describe("a patch on an image", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pitwall-images-"));
    importStandInBase(folder, dockerHost, ["pitwall-test/python:1"]);
    const context = join(folder, "package");
    mkdirSync(join(context, "vllm"), { recursive: true });
    writeFileSync(join(context, "vllm", "__init__.py"), "SPEED = 1\n");
    writeFileSync(join(context, "vllm", "slow.py"), "SLOW = 1\n");
    const recipe =
      'FROM pitwall-test/python:1\nCOPY vllm /opt/site/vllm\nENV PYTHONPATH=/opt/site\nCMD ["/bin/true"]\n';
    writeFileSync(join(context, "Dockerfile"), recipe);
    const env = { ...process.env, DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: "0" };
    execFileSync("docker", ["build", "--quiet", "--tag", PYTHON_IMAGE, context], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const client = { program: "docker", daemon: dockerHost };
  const build = (patch: string) =>
    buildLayer({ docker: client, image: PYTHON_IMAGE, patch, owner: "test" }, recordingTools());
  const python = (image: string, code: string) =>
    docker("run", "--rm", "--network", "none", "--entrypoint", "python3", image, "-c", code);

  test("is a layer in which its files are changed, added and gone, and which goes without a trace", async () => {
    const layer = await build(PATCH);
    if (layer.kind !== "layer") throw new Error(JSON.stringify(layer));
    expect(python(layer.image, "import vllm; print(vllm.SPEED)")).toBe("2");
    expect(python(layer.image, "import importlib.util as u; print(u.find_spec('vllm.slow'))")).toBe("None");
    expect(python(PYTHON_IMAGE, "import vllm; print(vllm.SPEED)")).toBe("1");
    expect(docker("image", "inspect", "--format", "{{.Config.Cmd}}", layer.image)).toBe("[/bin/true]");
    expect(layers()).not.toBe("");
    await removeLayers(client, "test", process.env);
    expect([layers(), containers()]).toEqual(["", ""]);
    expect(python(PYTHON_IMAGE, "import vllm; print(vllm.SPEED)")).toBe("1");
  });

  test("that does not apply is refused, and leaves nothing", async () => {
    expect(await build(PATCH.replace("-SPEED = 1", "-SPEED = 7"))).toMatchObject({
      kind: "refused",
      failure: { reason: "patch_failed", detail: expect.stringContaining("does not apply cleanly") },
    });
    expect([layers(), containers()]).toEqual(["", ""]);
  });
});
