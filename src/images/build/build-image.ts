import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../files.ts";
import { runCommand } from "../../machine/command.ts";
import { runToLog } from "../../machine/process.ts";
import { readEnd, readPlain } from "../../plain-file.ts";
import type { Tools } from "../../tools.ts";
import type { PlannedImage } from "../plan/planned-image.ts";
import {
  type BuildHow,
  buildCommand,
  builtTag,
  type DockerCommand,
  isByBuildx,
  labelCommand,
  pushCommands,
  pushedTag,
  readAbsentCommand,
} from "./commands.ts";
import { buildFailure } from "./failure.ts";
import { absentIn, type DockerClient, digestAt, inspectBuilt, isCurrent } from "./inspect.ts";
import type { ImageOutcome } from "./outcome.ts";

export interface Site {
  docker: DockerClient;
  how: BuildHow;
  /** Folder of logs. */
  logs: string;
  tools: Tools;
}

type Untimed<T> = T extends unknown ? Omit<T, "tag" | "seconds"> : never;
type Result = Untimed<ImageOutcome>;

/** Builds one image whose parent is there, unless it is there itself; a failure is an outcome, not an error. */
export async function buildImage(image: PlannedImage, key: string, site: Site): Promise<ImageOutcome> {
  const start = performance.now();
  const result = await buildOrLeave(image, key, site);
  return { tag: image.tag, seconds: (performance.now() - start) / 1000, ...result };
}

async function buildOrLeave(image: PlannedImage, key: string, site: Site): Promise<Result> {
  const { docker, how, tools } = site;
  const found = how.noCache || isByBuildx(how) ? undefined : await inspectBuilt(image.tag, docker);
  const below = found && image.parent !== undefined ? await inspectBuilt(image.parent, docker) : undefined;
  const isLeft = found !== undefined && isCurrent(image, key, found, below);
  if (!isLeft) {
    tools.report.info(`building ${image.tag}`);
    const failed = (await build(image, key, site)) ?? (await noteAbsent(image, site));
    if (failed !== undefined) return failed;
  }
  for (const command of pushCommands(image, how)) {
    const failed = await inLog(command, "push", image, site);
    if (failed !== undefined) return failed;
  }
  return { kind: isLeft ? "unchanged" : "built", ...(await whatIsThere(image, site)) };
}

const build = (image: PlannedImage, key: string, site: Site) =>
  inLog(buildCommand(image, key, site.how, metadataFile(image, site)), "build", image, site);

const nameOf = ({ tag }: PlannedImage) => tag.replaceAll(/[^A-Za-z0-9._-]/g, "-");
const metadataFile = (image: PlannedImage, { logs }: Site) => join(logs, `build-${nameOf(image)}.json`);

/** What explains a failure stands at the end, or little before it. */
const LOG_BYTES = 8 * 2 ** 20;

/** @returns the failure, if it is one */
async function inLog(
  { words }: DockerCommand,
  doing: "build" | "push",
  image: PlannedImage,
  { docker, logs, tools }: Site,
): Promise<Result | undefined> {
  await mkdir(logs, { recursive: true });
  const logFile = join(logs, `${doing}-${nameOf(image)}.log`);
  const end = await runToLog(docker.program, words, { logFile, env: docker.env, signal: tools.signal });
  if (tools.signal.aborted) return { kind: "cancelled" };
  return end === 0
    ? undefined
    : { kind: "failed", doing, logFile, failure: buildFailure(await readEnd(logFile, LOG_BYTES)) };
}

/** What could not be installed becomes a label. */
async function noteAbsent(image: PlannedImage, { docker, how, logs, tools }: Site): Promise<Result | undefined> {
  if (image.kernels.length === 0) return undefined;
  const ask = async ({ words, input }: DockerCommand) =>
    await runCommand(docker.program, words, { env: docker.env, signal: tools.signal, input: input ?? "" });
  try {
    const read = await ask(readAbsentCommand(image, how));
    const label = read.exitCode === 0 ? await ask(labelCommand(image, read.stdout.trim(), how)) : read;
    if (label.exitCode === 0) return undefined;
    const logFile = join(logs, `build-${nameOf(image)}.log`);
    return { kind: "failed", doing: "build", logFile, failure: buildFailure(`${label.stdout}\n${label.stderr}`) };
  } catch (error) {
    if (tools.signal.aborted) return { kind: "cancelled" };
    throw error;
  }
}

const Metadata = z.object({ "containerimage.digest": z.string() });

async function whatIsThere(image: PlannedImage, site: Site) {
  const { docker, how } = site;
  const pushed = how.push ? pushedTag(image.tag, how) : image.tag;
  const built = await inspectBuilt(builtTag(image.tag, how), docker);
  if (built !== undefined) {
    const { id, sizeBytes } = built;
    return { id, digest: digestAt(pushed, built), sizeBytes, absentKernels: absentIn(built) };
  }
  const file = metadataFile(image, site);
  const { "containerimage.digest": id } = parseJson(await readPlain(file), Metadata, file);
  return { id, digest: `${pushed.replace(/:[^:/]*$/, "")}@${id}`, sizeBytes: undefined, absentKernels: [] };
}
