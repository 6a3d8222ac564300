import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { DEFAULT_PORT } from "../engine/command.ts";
import { messageOf, UserError } from "../errors.ts";
import { findPython } from "../latency/offline-sweep.ts";
import { runCommand } from "../process.ts";
import { choice, integer } from "./fields.ts";
import { defineVerb } from "./verb.ts";

/** One thing looked at. `missing` fails the check; `absent` is fine unless the user wants what it is for. */
interface Finding {
  name: string;
  state: "good" | "absent" | "missing";
  detail: string;
  fix?: string;
}
type Check = (context: {
  engine: "simulated" | "vllm";
  port: number | undefined;
  env: NodeJS.ProcessEnv;
}) => Promise<Finding>;

const MINIMUM_FREE_GIB = 5;
const GIB = 2 ** 30;
/** NCCL and PyTorch's loaders share tensors there; Docker's own default of 64 MiB ends in a bus error. */
const MINIMUM_SHARED_GIB = 1;

const node: Check = async () => {
  const [major] = process.versions.node.split(".").map(Number);
  if (major! >= 24) return { name: "Node", state: "good", detail: process.versions.node };
  return {
    name: "Node",
    state: "missing",
    detail: `${process.versions.node} is too old`,
    fix: "run pitwall through npx or npm, which bring Node 24",
  };
};

const git: Check = async () => {
  const version = await firstLine("git", ["--version"]);
  if (version === undefined)
    return { name: "git", state: "missing", detail: "not found", fix: "install git: apt-get install git" };
  const { exitCode, stderr } = await runCommand("git", ["status", "--porcelain"]);
  if (exitCode === 0 || !stderr.includes("dubious ownership")) return { name: "git", state: "good", detail: version };
  const fix = `git config --global --add safe.directory ${process.cwd()}`;
  return { name: "git", state: "missing", detail: "this repository belongs to another user, and git refuses it", fix };
};

const disk: Check = async () => {
  const { bavail, bsize } = await statfs(".");
  const free = (bavail * bsize) / GIB;
  const detail = `${free.toFixed(1)} GiB free here`;
  if (free >= MINIMUM_FREE_GIB) return { name: "Disk", state: "good", detail };
  return { name: "Disk", state: "missing", detail, fix: `free at least ${MINIMUM_FREE_GIB} GiB` };
};

const sharedMemory: Check = async () => {
  const stats = await statfs("/dev/shm").catch(() => undefined);
  if (stats === undefined) return { name: "Shared memory", state: "absent", detail: "no /dev/shm" };
  const size = (stats.blocks * stats.bsize) / GIB;
  const detail = `${size.toFixed(1)} GiB in /dev/shm`;
  if (size >= MINIMUM_SHARED_GIB) return { name: "Shared memory", state: "good", detail };
  return {
    name: "Shared memory",
    state: "absent",
    detail,
    fix: "start the container with --shm-size=16g or --ipc=host",
  };
};

const gpu: Check = async () => {
  const found = await firstLine("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"]);
  if (found !== undefined) return { name: "GPU", state: "good", detail: found };
  return {
    name: "GPU",
    state: "absent",
    detail: "nvidia-smi finds none",
    fix: "install the NVIDIA driver, or measure on the CPU or simulated",
  };
};

const vllm: Check = async ({ engine, env }) => {
  const program = env.PITWALL_VLLM || "vllm";
  const python = findPython(env);
  const version = await firstLine(python, ["-c", "import importlib.metadata as m; print(m.version('vllm'))"]);
  if (version !== undefined) return { name: "vLLM", state: "good", detail: `${version} (${python})` };
  const state = engine === "vllm" ? "missing" : "absent";
  return {
    name: "vLLM",
    state,
    detail: `no vllm in ${python}, and ${program} is not usable`,
    fix: "pip install vllm, or name a virtual environment's program: PITWALL_VLLM=/path/to/bin/vllm",
  };
};

const docker: Check = async () => {
  const version = await firstLine("docker", ["version", "--format", "{{.Server.Version}}"]);
  if (version !== undefined) return { name: "Docker", state: "good", detail: `daemon ${version}` };
  return {
    name: "Docker",
    state: "absent",
    detail: "no daemon answers",
    fix: "needed for container engines only: install Docker and start its daemon",
  };
};

const huggingFace: Check = async ({ engine, env }) => {
  const home = env.HF_HOME ?? join(homedir(), ".cache", "huggingface");
  const token = env.HF_TOKEN !== undefined || (await statfs(join(home, "token")).catch(() => undefined)) !== undefined;
  const detail = `cache ${home}, ${token ? "a token is set" : "no token"}`;
  if (token || engine !== "vllm") return { name: "Hugging Face", state: token ? "good" : "absent", detail };
  return { name: "Hugging Face", state: "absent", detail, fix: "gated models need one: set HF_TOKEN" };
};

const port: Check = async ({ engine, port: given }) => {
  if (given === undefined && engine === "simulated")
    return { name: "Port", state: "good", detail: "any free one will do" };
  const number = given ?? DEFAULT_PORT.vllm;
  const server = createServer();
  const problem = await new Promise<Error | undefined>((resolve) => {
    server.once("error", resolve);
    server.listen({ port: number, host: "127.0.0.1", exclusive: true }, () => resolve(undefined));
  });
  server.close();
  if (problem === undefined) return { name: "Port", state: "good", detail: `${number} is free` };
  return {
    name: "Port",
    state: "missing",
    detail: `${number}: ${messageOf(problem)}`,
    fix: `stop what listens there (ss -ltnp "sport = :${number}"), or choose another --port`,
  };
};

const CHECKS: Check[] = [node, git, disk, sharedMemory, gpu, vllm, docker, huggingFace, port];
const MARKS = { good: "✓", absent: "–", missing: "✗" } as const;

export const doctor = defineVerb({
  name: "doctor",
  description: "Says what is missing on this machine, with the fix.",
  inputs: z.strictObject({
    engine: choice(["simulated", "vllm"], "Engine that is to run here.").default("simulated"),
    port: integer("Port that the engine is to listen on (default: 8000 for vllm, any free one for simulated).", {
      placeholder: "PORT",
    }).optional(),
  }),
  outputs: { healthy: "true when nothing needed is missing.", findings: "One line each." },
  async run({ engine, port: number }, { env }) {
    const findings = await Promise.all(CHECKS.map((check) => check({ engine, port: number, env })));
    const lines = findings.map(({ name, state, detail, fix }) => {
      const advice = fix === undefined ? "" : ` → ${fix}`;
      return `${MARKS[state]} ${name}: ${detail}${advice}`;
    });
    const healthy = findings.every(({ state }) => state !== "missing");
    return { ok: healthy, outputs: { healthy, findings: lines }, text: lines.join("\n") };
  },
});

/** First line that a program prints, or undefined when it is not there or fails. */
async function firstLine(program: string, args: string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runCommand(program, args);
    return exitCode === 0 ? stdout.trim().split("\n")[0] : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
