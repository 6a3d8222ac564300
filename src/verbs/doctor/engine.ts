import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { findPython, findVllm } from "../../engine/vllm/program.ts";
import { readPlain } from "../../plain-file.ts";
import { type Check, GIB, outputOf } from "./check.ts";

/** The weights of an 8B model in bfloat16 take 15 GiB. */
const MINIMUM_CACHE_GIB = 20;

export const python: Check = async ({ engine, env }) => {
  const program = findPython(env);
  const version = await outputOf(program, ["--version"], env);
  if (version !== undefined) return { name: "Python", state: "good", detail: `${version} (${program})` };
  return {
    name: "Python",
    state: engine === "vllm" ? "missing" : "absent",
    detail: `${program} does not run`,
    fix: "install Python, or name the one that has vLLM: PITWALL_PYTHON=/path/to/bin/python3",
  };
};

export const vllm: Check = async ({ engine, env }) => {
  const state = engine === "vllm" ? "missing" : "absent";
  const fix = "pip install vllm, or name a virtual environment's program: PITWALL_VLLM=/path/to/bin/vllm";
  const interpreter = findPython(env);
  const version = await outputOf(interpreter, ["-c", "import importlib.metadata as m; print(m.version('vllm'))"], env);
  const program = findVllm(env);
  if (version !== undefined && program !== undefined) {
    return { name: "vLLM", state: "good", detail: `${version} (${program})` };
  }
  const inPython = version === undefined ? `no vllm in ${interpreter}` : `${version} in ${interpreter}`;
  const asked = env.PITWALL_VLLM ? `PITWALL_VLLM (${env.PITWALL_VLLM})` : "vllm on PATH";
  const asProgram = program === undefined ? `${asked} is no program` : `the program is ${program}`;
  return { name: "vLLM", state, detail: `${inPython}, and ${asProgram}`, fix };
};

export const huggingFaceCache: Check = async ({ engine, env }) => {
  const name = "Hugging Face cache";
  const cache = env.HF_HUB_CACHE || join(homeOf(env), "hub");
  const folder = await nearestFolder(cache);
  if (
    !(await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    ))
  ) {
    const state = engine === "vllm" ? "missing" : "absent";
    return { name, state, detail: `${cache} may not be written`, fix: "set HF_HOME to a folder of yours" };
  }
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / GIB;
  const detail = `${cache}, ${free.toFixed(1)} GiB free`;
  if (free >= MINIMUM_CACHE_GIB) return { name, state: "good", detail };
  return { name, state: "absent", detail, fix: "weights need more: free space, or set HF_HOME to a larger disk" };
};

export const huggingFaceToken: Check = async ({ env }) => {
  const name = "Hugging Face token";
  // The order of huggingface_hub's get_token.
  const variable = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].find((key) => (env[key] ?? "").trim() !== "");
  if (variable !== undefined) return { name, state: "good", detail: `set in ${variable}` };
  const file = env.HF_TOKEN_PATH || join(homeOf(env), "token");
  const stored = (await readPlain(file).catch(() => "")).trim();
  if (stored !== "") return { name, state: "good", detail: `stored in ${file}` };
  return { name, state: "absent", detail: "none", fix: "gated models need one: set HF_TOKEN, or hf auth login" };
};

const homeOf = (env: NodeJS.ProcessEnv) =>
  env.HF_HOME || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "huggingface");

/** A folder that is not there yet is made in the nearest one that is. */
async function nearestFolder(path: string): Promise<string> {
  const parent = dirname(path);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists || parent === path ? path : nearestFolder(parent);
}
