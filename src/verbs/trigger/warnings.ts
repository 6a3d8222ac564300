import type { Run } from "../../result/document/run.ts";
import type { Checkout } from "./checkout.ts";
import type { MeasuredCommit } from "./measured-commit.ts";

interface Seen {
  folder: string;
  checkout: Checkout;
  /** The user named the commit or the checkout: where they differ from the workflow's is no news then. */
  isNamed: boolean;
}

const NAMED = "Name another with --commit, or its checkout with --source-dir";

/** What a person should know of the commit that a run is filed under. */
export function warningsOf(found: MeasuredCommit, trigger: Run["trigger"], seen: Seen): string[] {
  return [...commitWarnings(trigger, seen), ...modifiedWarning(found)];
}

function commitWarnings({ commit, workflowCommit, ref, subject, runUrl }: Run["trigger"], seen: Seen): string[] {
  const { checkout, folder, isNamed } = seen;
  const place = folder === "." ? "the current folder" : folder;
  if (checkout.kind === "refused") {
    const filed = commit === null ? "the run is filed under no commit" : `the run is filed under ${commit}`;
    return [`git does not say which commit ${place} has, so ${filed}: ${checkout.why}`];
  }
  if (isNamed || runUrl === null) return [];
  if (checkout.kind === "none") {
    return [
      `the run is filed under ${commit ?? "no commit"}, as the workflow says, for ${place} tells of none: ${checkout.why}. ${NAMED}`,
    ];
  }
  if (workflowCommit === undefined) return [];
  const unknown =
    ref === null ? ". No branch is known for it, so it is held against runs without one: name it with --ref" : "";
  return [
    `what is checked out is ${commit}${subject === null ? "" : ` (${subject})`}, and not the workflow's commit ` +
      `${workflowCommit} (GITHUB_SHA): the run is filed under what is checked out, and both are recorded${unknown}`,
  ];
}

function modifiedWarning({ commit, isModified }: MeasuredCommit): string[] {
  return isModified ? [`tracked files differ from the commit ${commit}: its numbers may be those of the changes`] : [];
}
