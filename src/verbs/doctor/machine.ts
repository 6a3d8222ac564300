import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dubiousOwnership } from "../../database/git-home/plumbing/git-failure.ts";
import { DEFAULT_PORT } from "../../engine/launch/command.ts";
import { messageOf } from "../../errors.ts";
import { gitEnvironment, runGit } from "../../machine/git.ts";
import { type Check, GIB, outputOf } from "./check.ts";

const MINIMUM_FREE_GIB = 5;
/** NCCL and PyTorch's loaders share tensors there; Docker's own default of 64 MiB ends in a bus error. */
const MINIMUM_SHARED_GIB = 1;

export const node: Check = async () => {
  const [major] = process.versions.node.split(".").map(Number);
  if (major! >= 24) return { name: "Node", state: "good", detail: process.versions.node };
  return {
    name: "Node",
    state: "missing",
    detail: `${process.versions.node} is too old`,
    fix: "run pitwall through npx or npm, which bring Node 24",
  };
};

export const git: Check = async ({ env }) => {
  const version = await outputOf("git", ["--version"], env);
  if (version === undefined)
    return { name: "git", state: "missing", detail: "not found", fix: "install git: apt-get install git" };
  const { stderr } = await runGit(["status", "--porcelain"], { env: gitEnvironment(env, []) });
  const dubious = dubiousOwnership(stderr);
  if (dubious === undefined) return { name: "git", state: "good", detail: version };
  return { name: "git", state: "missing", detail: dubious.why, fix: dubious.fix };
};

export const disk: Check = async () => {
  const { bavail, bsize } = await statfs(".");
  const free = (bavail * bsize) / GIB;
  const detail = `${free.toFixed(1)} GiB free here`;
  if (free >= MINIMUM_FREE_GIB) return { name: "Disk", state: "good", detail };
  return { name: "Disk", state: "missing", detail, fix: `free at least ${MINIMUM_FREE_GIB} GiB` };
};

export const sharedMemory: Check = async () => {
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

export const docker: Check = async ({ engine, env }) => {
  const version = await outputOf("docker", ["version", "--format", "{{.Server.Version}}"], env);
  if (version === undefined) {
    return {
      name: "Docker",
      state: engine === "docker" ? "missing" : "absent",
      detail: "no daemon answers",
      fix: "needed for container engines only: install Docker and start its daemon",
    };
  }
  const runtimes = (await outputOf("docker", ["info", "--format", "{{json .Runtimes}}"], env)) ?? "";
  if (runtimes.includes('"nvidia"')) {
    return { name: "Docker", state: "good", detail: `daemon ${version}, with the NVIDIA runtime` };
  }
  return {
    name: "Docker",
    state: "absent",
    detail: `daemon ${version}, without the NVIDIA runtime`,
    fix: "needed for GPUs in containers: install nvidia-container-toolkit, then nvidia-ctk runtime configure --runtime=docker",
  };
};

export const port: Check = async ({ engine, port: given }) => {
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
