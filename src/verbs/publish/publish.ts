import { z } from "zod";
import { openAppender } from "../../database/append.ts";
import { GitError } from "../../database/git-home/plumbing/scratch.ts";
import type { AppendResult } from "../../database/home.ts";
import { UserError } from "../../errors.ts";
import { legacyFiles } from "../../formats/seed/legacy-files.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { runFile } from "../../working-folder/names.ts";
import { packClosed } from "../compact/pack-closed.ts";
import { historyHome, renamedHomeInputs } from "../history/home.ts";
import { commonInputs, fileList, flag } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";
import { isForkJob } from "./fork.ts";
import { type RunFile, withoutUnstarted } from "./keep-unstarted.ts";
import { readRun } from "./read-run.ts";

export const publishInputs = {
  ...commonInputs,
  ...inGroup("What to do", {
    run: fileList("Run documents to publish (default: run.json of the working folder).").optional(),
    dryRun: flag("Only say what would be published, and where.").default(false),
  }),
  ...renamedHomeInputs,
  ...inGroup("History", {
    legacyFiles: flag(
      "Keep data.json, e2e_benchmark_data.json and max_concurrency_benchmark_data.json up to date beside the runs, for " +
        "readers of an older history; reads the whole branch at each publish.",
    ).default(false),
    compact: flag(
      "Then pack the runs of closed months into one file a month, as the command compact does, when a month has closed.",
    ).default(false),
    allowSimulated: flag("Let simulated runs into a branch that holds runs of real engines.").default(false),
    publishFailed: flag(
      "Publish also a run in which no engine started because of this machine; in GitHub Actions it always is.",
    ).default(false),
  }),
};

export const publish = defineVerb({
  name: "publish",
  description: "Appends run documents to the data branch.",
  inputs: z.strictObject(publishInputs),
  outputs: {
    commit: "Tip of the data branch that holds the runs; none without git.",
    branch: "The data branch.",
    runIds: "Ids of the runs.",
    published: "true when something was added, false when every run was already there.",
    attempts: "Tries it took; more than one when other writers were faster.",
    packedMonths: "Months whose runs were packed, with compact.",
    unpublished: "Files of runs that could not be published, as in a fork's job; the action keeps them as an artifact.",
  },
  async run({ output, run: given, database, branch: namedBranch, token: ownToken, ...rest }, tools) {
    // Documents that are named may lie anywhere, and stay where they are.
    await using _hold = given === undefined ? await holdFolder(output) : undefined;
    const documents: RunFile[] = [];
    for (const file of given ?? [runFile(output)]) documents.push({ file, run: await readRun(file) });
    const { publishable, kept } = withoutUnstarted(documents, rest, tools);
    const files = publishable.map(({ file }) => file);
    const runs = publishable.map(({ run }) => run);
    const unpublished = kept.map(({ file }) => file);
    const home = await historyHome({ database, branch: namedBranch, token: ownToken }, tools.env);
    const { repository, branch, token, name } = home;
    const beside = rest.legacyFiles ? { published: legacyFiles(tools.report) } : undefined;
    const { allowSimulated, dryRun } = rest;
    const target = { repository, branch, token, allowSimulated, beside, dryRun };
    const runIds = [...new Set(runs.map(({ id }) => id))];
    const later = `pitwall publish ${files.map((file) => `--run ${file}`).join(" ")} ${home.flags}`;
    const nothing = { commit: null, branch, runIds, published: false, attempts: 1, packedMonths: [] };
    if (runs.length === 0) return { ok: false, outputs: { ...nothing, unpublished } };
    try {
      await using appender = await openAppender(target, tools);
      const result = await appender.append(runs);
      tools.report.info(sentence(result, home.place));
      const packedMonths = rest.compact ? await packClosed(appender, target, tools) : [];
      const { commit, attempts } = result;
      const published = result.status === "appended";
      const outputs = { commit, branch, runIds, published, attempts, packedMonths, unpublished };
      return { ok: kept.length === 0, outputs };
    } catch (cause) {
      if (!(cause instanceof UserError)) throw cause;
      const lacksRights = cause instanceof GitError && cause.lacksRights;
      const kept = `the run is kept in ${files.join(", ")}`;
      if (lacksRights && (await isForkJob(tools.env))) {
        tools.report.warning(
          `this job is of a pull request from a fork, whose token may not push to ${name}: ${kept}. Where you may, ` +
            `publish it with: ${later}`,
        );
        return { ok: true, outputs: { ...nothing, unpublished: files } };
      }
      const how = lacksRights ? `. Publish it, once you may, with: ${later}` : "";
      throw new UserError(`${cause.message}\nNothing is lost: ${kept}${how}`, { cause });
    }
  },
});

function sentence({ status, commit, added, already, renewed, attempts }: AppendResult, place: string): string {
  const runs = (ids: string[]) => `${ids.length === 1 ? "run" : `${ids.length} runs`} ${ids.join(", ")}`;
  const others = already.length > 0 ? `; ${runs(already)} already there` : "";
  if (status === "dry-run") return `would publish ${runs(added)} to ${place}${others}`;
  if (status === "already-there") return `${runs(already)} already there, on ${place}${renewedText(renewed)}`;
  const tries = attempts > 1 ? `, after ${attempts} tries` : "";
  return `${runs(added)} published to ${place}${commitText(commit)}${tries}${others}`;
}

/** None without git. */
export const commitText = (commit: string | null) => (commit === null ? "" : ` as commit ${commit.slice(0, 10)}`);

/** The files that a call made anew which added no run. */
export const renewedText = (files: readonly string[]) => (files.length > 0 ? `; renewed ${files.join(", ")}` : "");
