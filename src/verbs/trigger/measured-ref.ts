import { type Checkout, type Git, isAncestor } from "./checkout.ts";
import type { EventHead } from "./event.ts";
import { repositoryPath } from "./source-repository.ts";
import type { WorkflowFacts } from "./workflow.ts";

interface Facts {
  git: Git;
  checkout: Checkout;
  workflow: Pick<WorkflowFacts, "commit" | "ref">;
  head: EventHead | undefined;
  /** The user named the commit. */
  isNamed: boolean;
}

/**
 * The git ref that a measured commit belongs to: its numbers are held against those of that ref. Of a fork's commit it is
 * never a branch of this repository, though it may have the same name.
 * @returns null when nothing tells
 */
export async function refOf(commit: string | null, facts: Facts): Promise<string | null> {
  const { git, checkout, workflow, head, isNamed } = facts;
  if (commit === null) return workflow.ref;
  if (commit === workflow.commit) return workflow.ref;
  if (head?.commits.includes(commit)) return head.ref;
  const own = checkout.kind === "found" ? checkout : undefined;
  if (own?.commit === commit) {
    if (head !== undefined && isFrom(head.fork, own.origin)) return head.ref;
    if (own.branch !== null) return own.branch;
  }
  // Whoever names a commit and no ref leaves that to the workflow, or to the branch.
  if (isNamed) return workflow.commit === null ? (own?.branch ?? null) : workflow.ref;
  const isEarlier = workflow.commit !== null && (await isAncestor(git, commit, workflow.commit));
  return isEarlier ? workflow.ref : null;
}

const isFrom = (fork: string | null, origin: string | null) =>
  fork !== null && origin !== null && repositoryPath(origin) === fork.toLowerCase();
