import { z } from "zod";
import { breathe } from "../../database/pack/breathe.ts";
import { longCsv } from "../../database/query/csv.ts";
import { type Point, queryPoints } from "../../database/query/points.ts";
import { readNumbers } from "../../database/query/read-numbers.ts";
import { readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { UsageError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { Distribution } from "../../result/metrics/distribution.ts";
import type { Tools } from "../../tools.ts";
import { bareWords, choice, fileList, flag, parsed, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { parseMoment } from "../schema/moment.ts";
import { defineVerb } from "../verb.ts";
import { historyHome, homeInputs } from "./home.ts";
import { sayWhatIsLeftOut } from "./report-skipped.ts";
import { changeHistory } from "./task.ts";

/** `value` is that of a metric that is one number. */
const STATISTICS = ["headline", "all", "value", ...Distribution.keyof().options] as const;

/** Which runs of which branch. */
export const runQueryInputs = {
  ...inGroup("History", {
    ...homeInputs,
    skipDamaged: flag("Go on without damaged files, and name them.").default(false),
  }),
  ...inGroup("Which runs", {
    since: parsed(parseMoment, "First moment; a date is midnight UTC, 30d is 30 days back.", "DATE|DAYSd").optional(),
    until: parsed(parseMoment, "First moment that is no longer wanted.", "DATE|DAYSd").optional(),
    host: text("Part of a host's label.").optional(),
    ref: text("Part of the git ref that was measured, as in heads/main.").optional(),
    commit: text("Beginning of the commit that was measured.", "SHA").optional(),
  }),
};

type RunQueryInputs = z.output<z.ZodObject<typeof runQueryInputs>>;

/** Runs of a data branch as they are stored; damaged files are an error, or warnings where they are to be skipped. */
export async function readForQuery(inputs: RunQueryInputs, { report, env, signal }: Tools): Promise<Run[]> {
  const { source, token } = await historyHome(inputs, env);
  const content = await readContent(source, { env, token, signal });
  await breathe(signal);
  sayWhatIsLeftOut(content, inputs.skipDamaged, report);
  return content.runs;
}

export const history = defineVerb({
  name: "history",
  description: "Shows numbers of the data branch by series, cell, host, ref and time; retracts, renames and accepts.",
  inputs: z.strictObject({
    ...runQueryInputs,
    task: bareWords(
      "retract RUN: leave a run out from now on; rename WHAT FROM TO: give runs another name; accept SERIES: its numbers " +
        "are right although they changed. Each adds a record, no document changes. Without: show numbers.",
    ).optional(),
    ...inGroup("Retract, rename, accept", {
      why: text("With retract, rename and accept: why.").optional(),
      from: fileList(
        "With accept: the first run with the new numbers; one for each host, model or engine that changed.",
      )
        .meta({ placeholder: "RUN,…" })
        .optional(),
      dryRun: flag("With retract, rename and accept: only say what it would do, and where.").default(false),
    }),
    ...inGroup("Which numbers", {
      series: fileList('Parts of series names, as in "bs_1 latency_s" or ttft_ms; any may match.')
        .meta({ placeholder: "TEXT" })
        .optional(),
      cell: text("Part of a cell's id.").optional(),
      statistic: choice(STATISTICS, "headline (the median, else the mean), all, or one by name.").default("headline"),
    }),
    ...inGroup("Output", {
      format: choice(["table", "csv", "json"], "How to show them.").default("table"),
    }),
  }),
  positional: "task",
  outputs: {
    points: "Numbers found.",
    runs: "Runs that they come from.",
    retracted: "Ids of the runs that this call retracted.",
    renamed: "Series that this call renamed.",
    accepted: "Series whose change this call accepted.",
  },
  async run({ task, why, from, dryRun, ...inputs }, tools) {
    if (task !== undefined) return await changeHistory({ task, why, from, dryRun, ...inputs }, tools);
    if (why !== undefined) throw new UsageError("--why goes with a task: history retract RUN --why TEXT");
    if (from !== undefined)
      throw new UsageError("--from goes with accept: history accept SERIES --from RUN --why TEXT");
    if (dryRun) throw new UsageError("--dry-run goes with a task: history rename WHAT FROM TO --dry-run");
    const { source, token } = await historyHome(inputs, tools.env);
    const content = shownContent(await readNumbers(source, { env: tools.env, token, signal: tools.signal }));
    await breathe(tools.signal);
    sayWhatIsLeftOut(content, inputs.skipDamaged, tools.report);
    const points = queryPoints(content.runs, inputs);
    const runs = new Set(points.map(({ run }) => run)).size;
    const outputs = { points: points.length, runs, retracted: [], renamed: 0, accepted: 0 };
    const text = await shown(points, inputs.format);
    // A signal that came meanwhile; from here on it would have to wait for all that is printed.
    await breathe(tools.signal);
    return { ok: true, outputs, text };
  },
});

async function shown(points: readonly Point[], format: "table" | "csv" | "json"): Promise<string> {
  switch (format) {
    case "csv":
      return longCsv(points).trimEnd();
    case "json":
      return JSON.stringify(points, null, 1);
    case "table": {
      // What measures the width of texts takes a fifth of a command's start to load.
      const { pointsTable } = await import("./points-table.ts");
      return points.length === 0 ? "no such numbers" : pointsTable(points);
    }
    default:
      return format satisfies never;
  }
}
