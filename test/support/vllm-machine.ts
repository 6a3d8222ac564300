import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { addExecutable } from "./fake-engine.ts";

const SERVING_VLLM = join(import.meta.dirname, "fake-serving-vllm.ts");

/** The driver is Python, and so is what it drives. */
export const HAS_PYTHON = spawnSync("python3", ["--version"]).status === 0;

/**
 * A working folder on a machine with vLLM, as far as processes go: a Python package `vllm` for the offline engine, and a
 * program `vllm` that serves. Neither computes anything; `--fake-…` engine arguments say how the offline one behaves.
 */
export async function vllmMachine() {
  const folder = await createFixture({ "bin/.keep": "" });
  const vllm = await addExecutable(folder.getPath("bin"), "vllm", `exec "${process.execPath}" "${SERVING_VLLM}" "$@"`);
  const env = {
    PITWALL_VLLM: vllm,
    PYTHONPATH: join(import.meta.dirname, "python"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  return {
    env: env as NodeJS.ProcessEnv,
    path: folder.path,
    out: (name: string) => folder.getPath(".pitwall/out", name),
    [Symbol.asyncDispose]: () => folder.rm(),
  };
}
