import { UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { gitIn, readCheckout, subjectOf } from "./checkout.ts";
import { headOf, readEvent } from "./event.ts";
import { measuredCommit } from "./measured-commit.ts";
import { refOf } from "./measured-ref.ts";
import { fullRef } from "./ref.ts";
import { sourceRepository } from "./source-repository.ts";
import { warningsOf } from "./warnings.ts";
import { workflowFacts } from "./workflow.ts";

export const sourceInputs = inGroup("Machine and commit", {
  commit: text(
    "Commit that was measured, where another one is checked out; the beginning of one is looked up in the checkout.",
    "SHA",
  ).optional(),
  ref: text("Branch or git ref of that commit.", "REF").optional(),
  subject: text("First line of that commit's message.").optional(),
  sourceDir: text("Checkout whose commit was measured (default: the current folder).", "DIR").optional(),
});

/** What the user says of the measured commit. */
export interface NamedSource {
  commit?: string | undefined;
  ref?: string | undefined;
  subject?: string | undefined;
  sourceDir?: string | undefined;
}

interface TriggerFacts {
  trigger: Run["trigger"];
  /** What a person should know of them. */
  warnings: string[];
}

/**
 * Who asked for this run, and what it measured: the commit is the one that is checked out, whatever the workflow says.
 * @throws UserError when a named checkout or commit is not there
 */
export async function triggerFacts(named: NamedSource, env: NodeJS.ProcessEnv): Promise<TriggerFacts> {
  const folder = named.sourceDir ?? ".";
  const git = gitIn(folder, env);
  const checkout = await readCheckout(git);
  if (checkout.kind !== "found" && named.sourceDir !== undefined) {
    throw new UserError(`${folder} tells of no commit: ${checkout.why}. Name a checkout with --source-dir`);
  }
  const workflow = workflowFacts(env);
  const head = headOf(await readEvent(env));
  const found = await measuredCommit(named.commit, { git, folder, checkout, workflow: workflow.commit, head });
  const { commit } = found;
  const facts = { git, checkout, workflow, head, isNamed: named.commit !== undefined };
  const ref = named.ref === undefined ? await refOf(commit, facts) : fullRef(named.ref);
  const differs = commit !== workflow.commit && workflow.commit !== null;
  const trigger = {
    repository: workflow.repository,
    commit,
    ref,
    subject: named.subject?.split("\n")[0] ?? (commit === null ? null : await subjectOf(git, commit)),
    ...workflow.run,
    ...(found.isModified ? { modified: true as const } : {}),
    ...(differs ? { workflowCommit: workflow.commit!, ...sourceRepository(found, checkout, workflow) } : {}),
    ...(differs && workflow.ref !== null && workflow.ref !== ref ? { workflowRef: workflow.ref } : {}),
  };
  return { trigger, warnings: warningsOf(found, trigger, { folder, checkout, isNamed: isNamed(named) }) };
}

const isNamed = ({ commit, sourceDir }: NamedSource) => commit !== undefined || sourceDir !== undefined;
