import { type FolderContent, readFolder } from "../../src/database/read/folder.ts";
import { shownContent } from "../../src/database/read/shown.ts";
import { type History, histories } from "../../src/report/trends/history.ts";
import type { Run } from "../../src/result/document/run.ts";

/** Folder of a data branch; `npm run site` starts at the root of the package. */
const { PITWALL_DATABASE = "fake_db", PITWALL_SKIP_DAMAGED } = process.env;

const content = await readBranch();

/** Every run that counts, oldest first, as it is stored: for its JSON document alone. */
export const documents: readonly Run[] = content.runs;

const shown = shownContent(content);

/** The same to show: what every other reader of the folder shows. */
export const { runs } = shown;

/** Files of the branch that are damaged, and what is wrong with each: the site goes on without them. */
export const damaged: string[] = content.problems.map(({ message }) => message);

/** The same runs by context. */
export const contexts: History[] = histories(runs, shown.records.accepted);

const contextOfRun = new Map(contexts.flatMap((history) => history.runs.map((run) => [run, history] as const)));

/** The context of one of `runs`, itself among its runs. */
export function historyOf(run: Run): History {
  return contextOfRun.get(run)!;
}

async function readBranch(): Promise<FolderContent> {
  const found = await readFolder(PITWALL_DATABASE);
  const { problems } = found;
  if (problems.length === 0 || PITWALL_SKIP_DAMAGED === "true") return found;
  throw new Error(`${PITWALL_DATABASE}:\n${problems.map(({ message }) => `- ${message}`).join("\n")}`);
}
