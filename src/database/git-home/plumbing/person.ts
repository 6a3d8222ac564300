import { userInfo } from "node:os";
import { UserError } from "../../../errors.ts";
import { gitEnvironment, runGit } from "../../../machine/git.ts";

/** Who changes the data branch: the person that a workflow names, else the name that git is told, else the user's. */
export async function personName(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.GITHUB_ACTIONS === "true" && env.GITHUB_ACTOR) return env.GITHUB_ACTOR;
  return (await nameInGit(env)) || userName();
}

/** A folder as the data branch's home needs no git. */
async function nameInGit(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    return (await runGit(["config", "user.name"], { env: gitEnvironment(env, []) })).stdout.trim();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return "";
  }
}

/** In a container the user's number often has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
