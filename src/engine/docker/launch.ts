import { randomBytes } from "node:crypto";
import { messageOf } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import { askDocker, type Docker, daemonEnvironment } from "../../machine/docker/client.ts";
import { hostFacts } from "../../machine/host-facts.ts";
import type { Tools } from "../../tools.ts";
import type { ContainerEngine } from "../engine.ts";
import { EngineError } from "../engine-error.ts";
import { DEFAULT_PORT, engineEnvironment } from "../launch/command.ts";
import type { Launch, LaunchedEngine } from "../launch/launch.ts";
import { freePort } from "../launch/port.ts";
import { engineLogTail } from "../log.ts";
import { refuseForeignToImage, wantsVersionOfImage } from "../vllm/version.ts";
import { dockerOf, environment, requireDaemon } from "./client.ts";
import { installedInImage, provideImage } from "./image.ts";
import { type ContainerPlan, type DockerOptions, dockerRunArguments, givenNetwork, huggingFaceHome } from "./run.ts";

/**
 * Makes everything ready for `docker run`; pulling the image is not part of the engine's start.
 * @throws EngineError image_missing, or environment when Docker is not usable here
 * @throws UsageError for arguments that the image's vLLM does not know
 */
export async function containerLaunch(options: ContainerEngine, tools: Tools): Promise<Launch> {
  const { image, ...how } = options.docker;
  const client = dockerOf(tools.env);
  await requireDaemon(client, tools.env);
  const { id: imageId, digest, entrypoint, version } = await provideImage(client, image, options.output, tools);
  const { model, engineArgs, host } = options;
  if (wantsVersionOfImage(image, engineArgs)) {
    const found = version ?? (await installedInImage(client, imageId, tools.env));
    if (found !== undefined) refuseForeignToImage(engineArgs, found);
  }
  const port = await freePort(host, options.port ?? DEFAULT_PORT.docker);
  const env = engineEnvironment(client.program, tools.env);
  await makeCache(huggingFaceHome(env));
  const name = `pitwall-${randomBytes(8).toString("hex")}`;
  const { gpuCount } = await hostFacts(undefined, env);
  const machine = { gpuCount: gpuCount ?? 0, network: await networkOf(client, how, env) };
  const plan: ContainerPlan = { ...how, ...machine, name, imageId, entrypoint, host, port, model, engineArgs };
  return {
    ...options,
    port,
    command: [client.program, ...dockerRunArguments(plan, env)],
    env: daemonEnvironment(client, env),
    image,
    imageDigest: digest,
    container: { ...client, name, id: null, pid: null },
  };
}

/** Docker would make a missing folder itself, as root's. */
async function makeCache(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw environment(`the Hugging Face cache ${folder} could not be made: ${messageOf(cause)}; set HF_HOME`);
  }
}

async function networkOf(
  client: Docker,
  { dockerArgs }: Pick<DockerOptions, "dockerArgs">,
  env: NodeJS.ProcessEnv,
): Promise<ContainerPlan["network"]> {
  const given = givenNetwork(dockerArgs);
  if (given !== undefined) return given === "host" ? "host" : "bridge";
  const { exitCode } = await askDocker(client, ["network", "inspect", "bridge"], env);
  return exitCode === 0 ? "bridge" : "host";
}

/** What `docker run` itself says by its exit code: 125 it could not, 126 and 127 the image has no such program. */
export async function explainContainerEnd(error: unknown, { record, ended }: LaunchedEngine): Promise<unknown> {
  if (record.container === undefined || !(error instanceof EngineError)) return error;
  const end = await Promise.race([ended, undefined]);
  if (end?.kind !== "exited" || end.code === null || end.code < 125 || end.code > 127) return error;
  const logTail = await engineLogTail(record);
  const detail = end.code === 125 ? explainRefusal(logTail) : noProgram(record.image, logTail);
  return new EngineError({ reason: "environment", detail, logTail, cause: error });
}

function explainRefusal(log: string): string {
  const what = `docker could not start the container: ${dockersWords(log)}`;
  if (/could not select device driver|nvidia-container-cli|unknown or invalid runtime/i.test(log)) {
    return `${what}; install the NVIDIA Container Toolkit and restart Docker, or give --gpus none for a CPU image`;
  }
  if (/port is already allocated|address already in use/i.test(log)) return `${what}; choose another --port`;
  if (/unknown (shorthand )?flag|invalid argument/i.test(log)) return `${what}; check --docker-args`;
  return what;
}

const noProgram = (image: string | undefined, log: string) =>
  `the image ${image} could not run vLLM: ${dockersWords(log)}; is it a vLLM image? --docker-args "--entrypoint vllm" names its program`;

/** The client's own line, without its advice to see the help. */
function dockersWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const own = lines.filter((line) => /^(docker: |unknown |invalid |Error response)/i.test(line)).at(-1);
  return (own ?? lines.at(-1) ?? "it said nothing").replace(/^docker: /, "").replace(/\.$/, "");
}
