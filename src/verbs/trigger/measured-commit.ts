import { UsageError } from "../../errors.ts";
import { type Checkout, findCommit, type Git } from "./checkout.ts";
import type { EventHead } from "./event.ts";

interface Places {
  git: Git;
  folder: string;
  checkout: Checkout;
  /** GITHUB_SHA. */
  workflow: string | null;
  head: EventHead | undefined;
}

export interface MeasuredCommit {
  commit: string | null;
  /** Whether the checkout is what says so; false: the user or the event, who may mean another repository. */
  isCheckedOut: boolean;
  /** Whether tracked files were changed after it was checked out. */
  isModified: boolean;
}

/**
 * What the user named, else what is checked out, else what the workflow is about: an image without a checkout.
 * @throws UsageError when a named commit cannot be one, or a short one is not in the checkout
 */
export async function measuredCommit(named: string | undefined, places: Places): Promise<MeasuredCommit> {
  const { checkout, head, workflow } = places;
  if (named === undefined) {
    if (checkout.kind === "found") {
      return { commit: checkout.commit, isCheckedOut: true, isModified: checkout.modified };
    }
    const commit = workflow === null ? null : ((head?.ofWorkflowRun ? head.commits[0] : undefined) ?? workflow);
    return { commit, isCheckedOut: false, isModified: false };
  }
  const commit = await wholeName(named.toLowerCase(), places);
  const isCheckedOut = checkout.kind === "found" && (await findCommit(places.git, commit)) !== null;
  const isHead = checkout.kind === "found" && checkout.commit === commit;
  return { commit, isCheckedOut, isModified: isHead && checkout.modified };
}

async function wholeName(named: string, { git, folder, checkout }: Places): Promise<string> {
  if (!/^[0-9a-f]{4,40}$/.test(named)) {
    throw new UsageError(
      `--commit ${named} is no commit: give the 40 digits of one (0-9, a-f), or at least its first 4`,
    );
  }
  if (named.length === 40) return named;
  const found = checkout.kind === "found" ? await findCommit(git, named) : null;
  if (found !== null) return found;
  const why = checkout.kind === "found" ? "has no one commit that begins so" : `tells of no commit: ${checkout.why}`;
  throw new UsageError(
    `--commit ${named} is short, and ${folder === "." ? "the current folder" : folder} ${why}. ` +
      "Give all 40 digits, or the checkout that has it with --source-dir",
  );
}
