import { rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { UserError } from "../../../errors.ts";
import { runCommand } from "../../../machine/command.ts";
import { askDocker, type Docker, lastLine } from "../../../machine/docker/client.ts";

const NOT_OURS = ["EACCES", "EPERM"];

/** Lets the user of an image write into folders of ours, whatever its number. */
export async function openTree(...folders: string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand("chmod", ["-R", "a+rwX", ...folders]);
  if (exitCode !== 0)
    throw new UserError(`${folders.join(" and ")} could not be opened to the container's user: ${lastLine(stderr)}`);
}

/** Removes a folder in which a container may have written as another user, with the help of one that is root. */
export async function removeTreeOfContainer(folder: string, docker: Docker, image: string | undefined): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (cause) {
    if (!NOT_OURS.includes((cause as NodeJS.ErrnoException).code ?? "") || image === undefined) throw cause;
    await removeAsRoot(folder, docker, image);
  }
}

async function removeAsRoot(folder: string, docker: Docker, image: string): Promise<void> {
  const mount = ["--volume", `${dirname(folder)}:/parent`];
  const program = ["--entrypoint", "rm", image, "-rf", "--", `/parent/${basename(folder)}`];
  const { exitCode, stderr } = await askDocker(docker, [
    ...["run", "--rm", "--network", "none", "--user", "0"],
    ...mount,
    ...program,
  ]);
  if (exitCode === 0) return;
  throw new UserError(`${folder} could not be removed: ${lastLine(stderr)}. Remove it with: sudo rm -r ${folder}`);
}
