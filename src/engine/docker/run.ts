import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** What a user may say about the container. */
export interface DockerOptions {
  image: string;
  /** `auto`: all GPUs where the machine has any; `none`; else what `docker run --gpus` takes. */
  gpus: string;
  /** Absent: the host's shared memory. */
  shmSize?: string | undefined;
  /** More arguments for `docker run`. */
  dockerArgs: readonly string[];
}

/** All that the arguments of `docker run` follow from. */
export interface ContainerPlan extends Omit<DockerOptions, "image"> {
  name: string;
  /** The image's own id: a tag may move between a look and a start. */
  imageId: string;
  /** The program that the image starts by itself; empty where it has none. */
  entrypoint: readonly string[];
  /** Machines without bridges run containers on the host's network. */
  network: "bridge" | "host";
  /** GPUs that this machine has. */
  gpuCount: number;
  host: string;
  port: number;
  model: string;
  engineArgs: readonly string[];
}

/** Port inside a container that has a network of its own. */
const INNER_PORT = 8000;
/** No folder of root's: not every image runs as root. */
const INNER_CACHE = "/huggingface";

/** The arguments after `docker`: the container in the foreground, gone when it ends. Values of secrets are not in here. */
export function dockerRunArguments(plan: ContainerPlan, env: NodeJS.ProcessEnv): string[] {
  const { name, imageId, dockerArgs } = plan;
  const labels = ["--label", `pitwall=${name}`];
  return [
    ...["run", "--rm", "--name", name, ...labels],
    ...gpuArguments(plan),
    ...memoryArguments(plan),
    ...networkArguments(plan),
    ...mountArguments(plan.model, env),
    ...passedOn(env).flatMap((variable) => ["--env", variable]),
    ...dockerArgs,
    imageId,
    ...serveArguments(plan),
  ];
}

function gpuArguments({ gpus, gpuCount }: ContainerPlan): string[] {
  if (gpus === "none" || (gpus === "auto" && gpuCount === 0)) return [];
  if (gpus === "auto") return ["--gpus", "all"];
  // Docker reads the value as a line of CSV, in which a list of devices is one quoted field.
  return ["--gpus", gpus.includes(",") && !gpus.includes('"') ? `"${gpus}"` : gpus];
}

/** PyTorch's workers share tensors through /dev/shm, of which a container has 64 MB of its own. */
function memoryArguments({ shmSize, dockerArgs }: ContainerPlan): string[] {
  if (shmSize !== undefined) return ["--shm-size", shmSize];
  return dockerArgs.some((argument) => /^--(ipc|shm-size)(=|$)/.test(argument)) ? [] : ["--ipc", "host"];
}

/** Published on the engine's address only, by default loopback: docker would open it to the whole network. */
function networkArguments({ network, host, port, dockerArgs }: ContainerPlan): string[] {
  if (network === "host") return givenNetwork(dockerArgs) === undefined ? ["--network", "host"] : [];
  const address = host.includes(":") ? `[${host}]` : host;
  return ["--publish", `${address}:${port}:${INNER_PORT}`];
}

function mountArguments(model: string, env: NodeJS.ProcessEnv): string[] {
  const cache = ["--volume", `${huggingFaceHome(env)}:${INNER_CACHE}`, "--env", `HF_HOME=${INNER_CACHE}`];
  const folder = modelFolder(model);
  return folder === undefined ? cache : [...cache, "--volume", `${folder}:${folder}:ro`];
}

/** Where Hugging Face keeps models and token on this machine. */
export function huggingFaceHome(env: NodeJS.ProcessEnv): string {
  return resolve(env.HF_HOME || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "huggingface"));
}

/** A model that is a folder of this machine, and no name on Hugging Face. */
function modelFolder(model: string): string | undefined {
  return (isAbsolute(model) || /^\.{1,2}\//.test(model)) && existsSync(model) ? resolve(model) : undefined;
}

const PASSED_ON = [
  ...["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "DO_NOT_TRACK"],
  ...["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "PYTHONUNBUFFERED"],
];
/** Folders of this machine, which a container does not have. */
const OWN_FOLDER = /^VLLM_(CACHE_ROOT|CONFIG_ROOT|ASSETS_CACHE|XLA_CACHE_PATH)$/;

/** Variables that the container gets, by name: docker takes their values from its own environment. */
function passedOn(env: NodeJS.ProcessEnv): string[] {
  const ofVllm = Object.keys(env).filter((name) => /^VLLM_/.test(name) && !OWN_FOLDER.test(name));
  return [...PASSED_ON, ...ofVllm.toSorted()].filter((name) => env[name]);
}

/** What comes after the image: it depends on the program that the image starts. */
function serveArguments({ network, host, port, model, engineArgs, dockerArgs, entrypoint }: ContainerPlan): string[] {
  const program = givenEntrypoint(dockerArgs) ?? entrypoint.join(" ");
  const path = modelFolder(model) ?? model;
  const listen =
    network === "host" ? ["--host", host, "--port", String(port)] : ["--host", "0.0.0.0", "--port", String(INNER_PORT)];
  return [...serveCommand(program, path), ...listen, ...engineArgs];
}

/** vllm/vllm-openai starts `vllm serve`, before 0.11 its API server as a module; others start a shell or a wrapper of one. */
function serveCommand(program: string, model: string): string[] {
  if (/\bserve$/.test(program)) return [model];
  if (/\bapi_server\b/.test(program)) return ["--model", model];
  return /\bvllm$/.test(program) ? ["serve", model] : ["vllm", "serve", model];
}

function givenEntrypoint(dockerArgs: readonly string[]): string | undefined {
  return flagValue(dockerArgs, ["--entrypoint"]);
}

/** The network that a user asked for. */
export function givenNetwork(dockerArgs: readonly string[]): string | undefined {
  return flagValue(dockerArgs, ["--network", "--net"]);
}

function flagValue(args: readonly string[], names: readonly string[]): string | undefined {
  const index = args.findIndex((argument) => names.includes(argument.split("=", 1)[0]!));
  if (index === -1) return undefined;
  const [, value] = /^[^=]*=(.*)$/s.exec(args[index]!) ?? [];
  return value ?? args[index + 1];
}
