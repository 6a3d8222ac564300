import { shellWord } from "../../machine/shell-line.ts";
import type { PlannedImage } from "../plan/planned-image.ts";
import {
  type BuildHow,
  buildCommand,
  type DockerCommand,
  labelCommand,
  pushCommands,
  readAbsentCommand,
} from "./commands.ts";

/** Set by a line before. */
const ABSENT = "$absent";

function lineOf({ words, input }: DockerCommand, program: string): string {
  // The only word with a variable in it, whose value has no meaning to a shell.
  const line = words.map((word) => (word.endsWith(`=${ABSENT}`) ? `"${word}"` : shellWord(word))).join(" ");
  return input === undefined ? `${program} ${line}` : `printf '%s\\n' ${shellWord(input.trim())} | ${program} ${line}`;
}

/** The lines that build an image, for a shell. */
export function shellLines(image: PlannedImage, key: string, how: BuildHow): string[] {
  const builds = how.builder === "variable" ? "DOCKER_BUILDKIT=1 docker" : "docker";
  const label = [
    `absent="$(${lineOf(readAbsentCommand(image, how), "docker")})"`,
    lineOf(labelCommand(image, ABSENT, how), builds),
  ];
  return [
    lineOf(buildCommand(image, key, how), builds),
    ...(image.kernels.length === 0 ? [] : label),
    ...pushCommands(image, how).map((command) => lineOf(command, "docker")),
  ];
}
