import { error, group, info, warning } from "@actions/core";
import { lineProgress } from "../line-progress.ts";
import type { Reporter } from "../verbs/verb.ts";

/** Says things in the log of a workflow step: groups fold, warnings and errors become annotations. */
export const stepReporter: Reporter = {
  info,
  warning: (message) => warning(message),
  error: (message) => error(message),
  group,
  progress: (title, total) => lineProgress({ title, total, print: info }),
};
