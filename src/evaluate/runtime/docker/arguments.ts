import { PROXY_VARIABLES } from "../../../machine/proxies.ts";
import { isOfCpu, pytestArguments, pytestEnvironment } from "../pytest.ts";
import type { RunOrder } from "../runs.ts";
import type { PhasePlan } from "../runtime.ts";

/** How containers of tests are made. */
export interface DockerSettings {
  /** The image has all that its tests need: no set-up. */
  skipSetUp: boolean;
  /** Python alone, no CUDA extensions. */
  skipBuild: boolean;
  editable: boolean;
  /** Absent: Docker's own 64 MB for tests of the CPU, 16g for others. */
  shmSize: string | undefined;
  /** When there is a network: never, while the set-up installs, or all the time. */
  network: "none" | "set-up" | "always";
  /** A user of the image or number; absent: the image's own. */
  user: string | undefined;
  /** Absolute path of Hugging Face's cache on this machine; absent: none. */
  modelCache: string | undefined;
}

/** Where the engine's images look for its source, as infra-gym's do. */
const TREE = "/workspace/vllm";
const RESULTS = "/workspace/results";
const MODEL_CACHE = "/workspace/huggingface";

/** Variables that a container gets by name: docker takes their values from its own environment, so that no argument shows them. */
const TOKENS = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT"];

export interface Made {
  plan: PhasePlan;
  settings: DockerSettings;
  name: string;
  image: string;
  /** Who made it, for whoever finds it later. */
  owner: string;
  /** `bridge`, or `host` where Docker has no bridge. */
  openNetwork: string;
  env: NodeJS.ProcessEnv;
}

/** What all containers of a phase have. */
function commonArguments({ plan, settings, name, owner, env }: Made, isOpen: boolean): string[] {
  const names = isOpen
    ? [...PROXY_VARIABLES, ...(settings.network === "always" ? TOKENS : [])].filter((key) => env[key])
    : [];
  return [
    ...["--name", name, "--label", `pitwall.evaluate=${plan.instance.id}`, "--label", `pitwall.owner=${owner}`],
    ...(settings.user === undefined ? [] : ["--user", settings.user]),
    ...gpuArguments(plan),
    ...sharedMemory(plan, settings),
    ...["--volume", `${plan.tree}:${TREE}`, "--volume", `${plan.results}:${RESULTS}`, "--workdir", TREE],
    ...cacheArguments(plan, settings),
    ...trustArguments,
    ...names.flatMap((key) => ["--env", key]),
    ...["--log-driver", "none"],
  ];
}

/** Docker reads the value as a line of CSV, in which a list of devices is one quoted field. */
function gpuArguments({ instance, gpus }: PhasePlan): string[] {
  if (isOfCpu(instance) || gpus.length === 0) return ["--env", "CUDA_VISIBLE_DEVICES="];
  return ["--gpus", gpus.length === 1 ? `device=${gpus[0]}` : `"device=${gpus.join(",")}"`];
}

function sharedMemory({ instance }: PhasePlan, { shmSize }: DockerSettings): string[] {
  if (shmSize !== undefined) return ["--shm-size", shmSize];
  return isOfCpu(instance) ? [] : ["--shm-size", "16g"];
}

function cacheArguments({ instance }: PhasePlan, { modelCache }: DockerSettings): string[] {
  if (modelCache === undefined || isOfCpu(instance)) return [];
  return ["--volume", `${modelCache}:${MODEL_CACHE}`, "--env", `HF_HOME=${MODEL_CACHE}`];
}

/** The tree belongs to another user than the container's, which git would refuse. */
const trustArguments = ["GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"].flatMap(
  (entry) => ["--env", entry],
);

/** `docker run` of one run of pytest in an image that needs no set-up. */
export function testRunArguments(made: Made, order: RunOrder): string[] {
  const { plan, settings, image, openNetwork } = made;
  const isOpen = settings.network === "always";
  const variables = Object.entries(pytestEnvironment(plan.limits.testSeconds));
  const timeout = variables.flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  return [
    ...["run", "--rm", ...commonArguments(made, isOpen), "--network", isOpen ? openNetwork : "none", ...timeout],
    ...["--entrypoint", "python3", image, ...pytestOf(plan, order, false)],
  ];
}

/** `docker run` of a container that waits for commands, and ends by itself should nobody end it. */
export function waitingArguments(made: Made, seconds: number): string[] {
  const { settings, image, openNetwork } = made;
  const network = settings.network === "none" ? "none" : openNetwork;
  const common = commonArguments(made, settings.network !== "none");
  const end = String(Math.ceil(seconds));
  return ["run", "--rm", "--detach", ...common, "--network", network, "--entrypoint", "sleep", image, end];
}

/** `docker exec` of the set-up: the tree is checked out and patched already. */
export function setUpArguments({ plan, settings, name }: Made): string[] {
  const { instance } = plan;
  const skipBuild = settings.skipBuild || isOfCpu(instance) ? ["--skip-build"] : [];
  const editable = settings.editable ? ["--editable"] : [];
  const commit = ["--commit", instance.baseCommit, "--prepared"];
  return ["exec", name, "setup_vllm_env.sh", ...commit, ...skipBuild, ...editable];
}

/** `docker exec` of one run of pytest after the set-up, which has installed its plugins. */
export function testExecArguments({ plan, name }: Made, order: RunOrder): string[] {
  return ["exec", name, "python3", ...pytestOf(plan, order, true)];
}

function pytestOf({ limits }: PhasePlan, { asked, junit }: RunOrder, hasTimeoutPlugin: boolean): string[] {
  const [file, cache] = [`${RESULTS}/${junit}`, `/tmp/pitwall-cache-${junit}`];
  return pytestArguments({ asked, junit: file, cache, testSeconds: limits.testSeconds, hasTimeoutPlugin });
}
