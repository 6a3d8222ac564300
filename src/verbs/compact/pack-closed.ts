import type { Appender } from "../../database/appender.ts";
import { parseHome } from "../../database/git-home/plumbing/repository.ts";
import type { AppendTarget } from "../../database/home.ts";
import { firstOpenMonth } from "../../database/pack/closed-months.ts";
import { compactBranch } from "../../database/pack/compact.ts";
import { messageOf } from "../../errors.ts";
import { counted } from "../../result/counted.ts";
import type { Tools } from "../../tools.ts";

/** Months that one line lists. */
const MOST_NAMED = 4;

/**
 * Packs the closed months after an append, once one of them has no pack yet. The runs are safe by then, so whatever fails here
 * is a warning.
 * @returns months that were packed
 */
export async function packClosed(appender: Appender, target: AppendTarget, tools: Tools): Promise<string[]> {
  const { repository, branch, token } = target;
  const { report } = tools;
  const { kind, name } = parseHome(repository);
  if (kind === "folder") {
    report.warning(
      `${name} is a folder without git, in which each run keeps its own file: --compact does nothing there`,
    );
    return [];
  }
  try {
    const before = firstOpenMonth(Date.now());
    if ((await appender.unpackedMonths(before)).length === 0) return [];
    const { months, left, commit } = await compactBranch({ repository, branch, token, before, dryRun: false }, tools);
    for (const { message } of left) report.warning(message);
    const names = months.map(({ month }) => month);
    const which = names.length > MOST_NAMED ? `${names.length} months` : names.join(", ");
    const runs = months.reduce((sum, month) => sum + month.runs, 0);
    if (runs > 0) report.info(`packed ${counted(runs, "run")} of ${which} as commit ${commit.slice(0, 10)}`);
    return names;
  } catch (error) {
    const again = `pitwall compact --database ${name} --branch ${branch}`;
    report.warning(
      `closed months were not packed: ${messageOf(error)}\nThe runs are published and nothing is lost; the next publish ` +
        `with --compact tries again, and so does: ${again}`,
    );
    return [];
  }
}
