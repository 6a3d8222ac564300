import { lineProgress } from "../line-progress.ts";
import type { Reporter } from "../tools.ts";
import { error, group, info, warning } from "./log.ts";

/** GitHub shows ten errors of a step and says nothing of the others: these are for what comes up, the rest for the result. */
const SHOWN_ERRORS = 4;
let errors = 0;

/** Says things in the log of a workflow step: groups fold, warnings and errors become annotations. */
export const stepReporter: Reporter = {
  info,
  warning,
  error(message) {
    errors += 1;
    if (errors <= SHOWN_ERRORS) error(message);
    else info(`Error: ${message}`);
  },
  group,
  progress: (title, total) => lineProgress({ title, total, print: info }),
};
