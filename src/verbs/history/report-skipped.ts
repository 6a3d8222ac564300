import type { FolderContent } from "../../database/read/folder.ts";
import { UserError } from "../../errors.ts";
import { shownText } from "../../result/checks/shown-run.ts";
import type { Reporter } from "../../tools.ts";

/**
 * Names the files that a reader of the data branch goes on without: damaged ones, where that is asked for, and retracted runs.
 * @throws UserError naming the damaged files when they are not to be skipped
 */
export function sayWhatIsLeftOut(content: Omit<FolderContent, "runs">, skipDamaged: boolean, report: Reporter): void {
  const { problems, retractions } = content;
  if (problems.length > 0 && !skipDamaged) {
    const list = problems.map(({ message }) => `- ${message}`).join("\n");
    throw new UserError(`the data branch has damaged or unknown files; --skip-damaged goes on without them:\n${list}`);
  }
  for (const { message } of problems) report.warning(`skipped: ${message}`);
  for (const { run, at, why } of retractions) {
    report.info(`left out: the run ${run}, retracted on ${at.slice(0, 10)}: ${shownText(why)}`);
  }
}
