import { z } from "zod";
import { DAYS_OPEN, firstOpenMonth, monthAt } from "../../database/pack/closed-months.ts";
import { type CompactResult, compactBranch } from "../../database/pack/compact.ts";
import { UsageError, UserError } from "../../errors.ts";
import { counted } from "../../result/counted.ts";
import { historyHome, renamedHomeInputs } from "../history/home.ts";
import { flag, parsed, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";

/** @throws UserError for a text that is no month */
function parseMonth(given: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(given)) return given;
  throw new UserError("must be a month, as in 2026-11");
}

export const compact = defineVerb({
  name: "compact",
  description: "Packs the runs of closed months into one file a month, and proves that none is lost.",
  inputs: z.strictObject({
    ...renamedHomeInputs,
    ...inGroup("What to do", {
      before: parsed(
        parseMonth,
        `First month that stays as it is (default: a month is packed when it has been over for ${DAYS_OPEN} days, UTC).`,
        "YYYY-MM",
      ).optional(),
      dryRun: flag("Make and prove the packs, say what they save, and change nothing.").default(false),
      message: text("Message of the commit (default: one that says what was packed).").optional(),
    }),
  }),
  outputs: {
    commit: "Tip of the data branch.",
    months: "Months that were packed, or would be.",
    runs: "Runs that left runs/ for a pack.",
    provenRuns: "Runs of those packs that were read back and found equal.",
    provenPoints: "Numbers in them.",
    bytesBefore: "Size of those months' files before.",
    bytesAfter: "Size of their packs.",
    left: "Files that stay as they are, and why.",
  },
  async run({ database, branch: namedBranch, token: ownToken, before: given, ...rest }, tools) {
    const now = Date.now();
    if (given !== undefined && given > monthAt(now)) {
      throw new UsageError(`--before ${given} would pack a month that is not over; the latest is ${monthAt(now)}`);
    }
    const home = await historyHome({ database, branch: namedBranch, token: ownToken }, tools.env);
    const { repository, branch, token } = home;
    const before = given ?? firstOpenMonth(now);
    const result = await compactBranch({ ...rest, repository, branch, token, before }, tools);
    for (const { message } of result.left) tools.report.warning(message);
    return { ok: true, outputs: outputsOf(result), text: textOf(result, home.place, before) };
  },
});

function totalsOf({ months }: CompactResult) {
  const total = (of: (month: CompactResult["months"][number]) => number) =>
    months.reduce((sum, month) => sum + of(month), 0);
  return {
    runs: total(({ runs }) => runs),
    provenRuns: total(({ proven }) => proven.runs),
    provenPoints: total(({ proven }) => proven.points),
    bytesBefore: total(({ bytes }) => bytes.before),
    bytesAfter: total(({ bytes }) => bytes.after),
  };
}

function outputsOf(result: CompactResult) {
  const { commit, months, left } = result;
  return {
    commit,
    months: months.map(({ month }) => month),
    ...totalsOf(result),
    left: left.map(({ message }) => message),
  };
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

function textOf(result: CompactResult, place: string, before: string): string {
  const { months, status, commit, attempts } = result;
  if (months.length === 0) return `${place}: nothing to pack before ${before}`;
  const { runs, provenRuns, provenPoints, bytesBefore, bytesAfter } = totalsOf(result);
  const lines = months.map(
    ({ month, runs: ofMonth, bytes }) =>
      `${month}: ${counted(ofMonth, "run")}, ${kilobytes(bytes.before)} → ${kilobytes(bytes.after)}`,
  );
  const tries = attempts > 1 ? `, after ${attempts} tries` : "";
  const done = status === "dry-run" ? "would be packed" : `packed as commit ${commit.slice(0, 10)}${tries}`;
  return [
    ...lines,
    `${counted(provenRuns, "run")} with ${counted(provenPoints, "number")} read back from the packs, all equal`,
    `${place}: ${counted(runs, "run")} ${done}, ${kilobytes(bytesBefore - bytesAfter)} saved`,
  ].join("\n");
}
