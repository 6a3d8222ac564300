import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { comparePatches } from "../../src/verbs/compare-patches/compare-patches.ts";
import { resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import { addExecutable } from "./fake-engine.ts";
import { recordingTools } from "./recording-tools.ts";
import { registryServer } from "./registry-server.ts";

const DOCKER = join(import.meta.dirname, "fake-patched-images.ts");
export const commit = "a1b2".repeat(10);
const parent = "c3d4".repeat(10);
export const SHORT = "a1b2a1b2";
export const [HUMAN, BASELINE] = [commit, `baseline-${parent.slice(0, 12)}`];
export const pace = (ttft: number, itl: number) => `--fixed-ttft ${ttft} --fixed-itl ${itl}`;
/** So far apart that a busy machine leaves the order as it is. */
export const SLOW = pace(100, 20);
export const FAST = pace(25, 5);
export const patchTo = (to: string, from = SLOW) => `diff --git a/vllm/pace.txt b/vllm/pace.txt
--- a/vllm/pace.txt
+++ b/vllm/pace.txt
@@ -1 +1 @@
-${from}
+${to}
`;

/** A machine with images of a commit and its parent, by tag, and a mapping of that commit. */
export async function machine(images: Record<string, string>) {
  const folder = await createFixture({});
  const registry = await registryServer({ tags: [] });
  const hex = (name: string) => Buffer.from(name).toString("hex");
  for (const [tag, content] of Object.entries(images)) {
    const place = folder.getPath("daemon/images", hex(`${registry.repository}:${tag}`), "vllm");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "pace.txt"), `${content}\n`);
  }
  mkdirSync(folder.getPath("daemon"), { recursive: true });
  const script = `exec "${process.execPath}" "${DOCKER}" "${folder.getPath("daemon")}" "$@"`;
  const PITWALL_DOCKER = await addExecutable(folder.path, "docker", script);
  const perf_command =
    "vllm bench serve --num-prompts 8 --random-input-len 16 --random-output-len 8 --max-concurrency 2";
  const mapping = [
    { human_short: SHORT, human_full: commit, parent_short: parent.slice(0, 12), model: "sim/tiny", perf_command },
  ];
  writeFileSync(folder.getPath("mapping.json"), JSON.stringify(mapping));
  const output = folder.getPath("out");
  const given = {
    mapping: folder.getPath("mapping.json"),
    imageRepository: registry.repository,
    output,
    maxBlocks: 1,
    quietWait: 0,
  };
  const docker = { gpus: "none", dockerArgs: ["--network", "host"], startTimeout: 60 };
  const tools = recordingTools({ env: { ...process.env, PITWALL_DOCKER, HF_HOME: folder.path } });
  return {
    folder,
    tools,
    /** Folder of an agent with a patch for the commit. */
    agent(name: string, patch: string) {
      mkdirSync(folder.getPath("agents", name), { recursive: true });
      writeFileSync(folder.getPath("agents", name, `${SHORT}.patch`), patch);
      return `${name}=${folder.getPath("agents", name)}`;
    },
    run: (more: Record<string, unknown> = {}) =>
      comparePatches.run(
        resolveInputs(comparePatches, { ...given, ...docker, ...more }, {}, {}, () => undefined),
        tools,
      ),
    result: (path: string) => JSON.parse(readFileSync(join(output, path), "utf8")),
    path: (name: string) => join(output, name),
    containers: () => readdirSync(folder.getPath("daemon")).filter((name) => name.startsWith("container-")),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await folder.rm();
    },
  };
}
