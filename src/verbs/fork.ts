import { readFile } from "node:fs/promises";
import { z } from "zod";

const Side = z.looseObject({ repo: z.looseObject({ full_name: z.string() }).nullable() });
const Payload = z.looseObject({ pull_request: z.looseObject({ head: Side, base: Side }) });

/**
 * Whether this is a job of a pull request from another repository, whose token may read only. Under pull_request_target
 * it is that of the repository itself. (docs.github.com, "Automatic token authentication")
 */
export async function isForkJob({ GITHUB_EVENT_NAME, GITHUB_EVENT_PATH }: NodeJS.ProcessEnv): Promise<boolean> {
  if (GITHUB_EVENT_PATH === undefined || GITHUB_EVENT_NAME === "pull_request_target") return false;
  const payload = Payload.safeParse(await payloadIn(GITHUB_EVENT_PATH));
  if (!payload.success) return false;
  const { head, base } = payload.data.pull_request;
  // A fork that was deleted meanwhile is null.
  return head.repo?.full_name.toLowerCase() !== base.repo?.full_name.toLowerCase();
}

/** A file of the runner's: one that cannot be read says nothing of a fork. */
async function payloadIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}
