import type { FolderContent } from "../../database/read/folder.ts";
import type { Problem } from "../../database/read/problem.ts";
import { eachTold } from "../../database/records/applied.ts";
import { RECORDS } from "../../database/records/kinds.ts";
import { UserError } from "../../errors.ts";
import type { Reporter } from "../../tools.ts";

/**
 * Names what a reader of the data branch goes on without: damaged files, where that is asked for, and retracted runs.
 * @throws UserError naming the damaged files when they are not to be skipped
 */
export function sayWhatIsLeftOut(
  { problems, records }: Pick<FolderContent, "problems" | "records">,
  skipDamaged: boolean,
  report: Reporter,
): void {
  sayWhatIsDamaged(problems, skipDamaged, report);
  for (const what of eachTold(records, (name, told) => RECORDS[name].leftOut(told))) report.info(`left out: ${what}`);
}

/** @throws UserError naming the damaged files when they are not to be skipped */
export function sayWhatIsDamaged(problems: readonly Problem[], skipDamaged: boolean, report: Reporter): void {
  if (problems.length > 0 && !skipDamaged) {
    const list = problems.map(({ message }) => `- ${message}`).join("\n");
    throw new UserError(`the data branch has damaged or unknown files; --skip-damaged goes on without them:\n${list}`);
  }
  for (const { message } of problems) report.warning(`skipped: ${message}`);
}
