import { UserError } from "../../errors.ts";
import { timeLine } from "../../report/text/facts.ts";
import { timeAccount } from "../../result/assemble/assemble.ts";
import { enginesOf } from "../../result/assemble/engines-of.ts";
import type { Tools } from "../../tools.ts";
import { readCells } from "../../working-folder/cells.ts";
import { emptyFolder, setAside } from "../../working-folder/contents.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { runFile } from "../../working-folder/names.ts";
import { following } from "../benchmark/follow.ts";
import { buildSite, siteInputs } from "../build-site/build-site.ts";
import { databaseText, historyHome, splitHome } from "../history/home.ts";
import { notify } from "../notify/notify.ts";
import { postProcess, readEngines } from "../post-process/post-process.ts";
import { publish } from "../publish/publish.ts";
import type { Outcome } from "../verb.ts";
import { pick, type RunInputs } from "./inputs.ts";
import { measureRun, planRun } from "./measure.ts";

/** One engine from its start to the site. */
export async function runOnce(inputs: RunInputs, tools: Tools): Promise<Outcome> {
  const start = performance.now();
  splitHome(inputs, tools.env);
  const plan = await planRun(inputs);
  // The folder of a combination, too, between its benchmarks.
  await using _hold = await holdFolder(inputs.output);
  await makeRoomForRun(inputs, tools);
  await using _logs = following(inputs, tools);
  // Its benchmarks must not empty what the one before them measured.
  const measured = await measureRun(plan, { ...inputs, clean: false, follow: false }, tools);
  const processing = { ...pick(postProcess, inputs), database: databaseText(inputs.database, tools.env) };
  const processed = await tools.report.group("Post-process", () => postProcess.run(processing, tools));
  const stored = tools.signal.aborted
    ? notStored(inputs, tools)
    : await buildAfter(await store(inputs, tools), inputs, tools);
  const ok = processed.ok && stored.ok;
  const told = ok || inputs.slackWebhook === undefined || (await tell(inputs, tools));
  const account = await accountOf(inputs, (performance.now() - start) / 1000);
  return {
    ...processed,
    ...measured,
    ok: ok && told,
    outputs: { ...processed.outputs, ...stored.outputs },
    text: [processed.text, "", `Time ${account}`, ...stored.lines].join("\n"),
  };
}

/** Files of an earlier run in the same folder must never be read as this one's, and may be all there is of their numbers. */
async function makeRoomForRun({ output, clean }: RunInputs, { report }: Tools): Promise<void> {
  if (clean) await emptyFolder(output);
  const earlier = clean ? undefined : await setAside(output);
  if (earlier !== undefined) report.info(`what lay in ${output} was moved to ${earlier}`);
}

interface Stored {
  ok: boolean;
  outputs: Outcome["outputs"];
  lines: string[];
}

function notStored({ output }: RunInputs, { report }: Tools): Stored {
  report.warning(`cancelled: the run document is kept in ${runFile(output)}, and not published`);
  return { ok: false, outputs: { published: false, sitePath: null, unpublished: [] }, lines: [] };
}

/** Slack being down must not hide what the run has to say. */
async function tell(inputs: RunInputs, tools: Tools): Promise<boolean> {
  try {
    return (await notify.run(pick(notify, inputs), tools)).ok;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.error(error.message);
    return false;
  }
}

/** The run document is already safe on disk: a history that cannot be written fails the run, but hides nothing. */
async function store(inputs: RunInputs, tools: Tools): Promise<Stored> {
  try {
    return await publishOwn(inputs, tools);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.error(error.message);
    const unpublished = [runFile(inputs.output)];
    return { ok: false, outputs: { published: false, sitePath: null, unpublished }, lines: [] };
  }
}

async function publishOwn(inputs: RunInputs, tools: Tools): Promise<Stored> {
  const publishing = { ...pick(publish, inputs), run: [runFile(inputs.output)] };
  const { ok, outputs } = await tools.report.group("Publish", () => publish.run(publishing, tools));
  const unpublished = outputs.unpublished as string[];
  if (unpublished.length > 0) return { ok, outputs: { published: false, sitePath: null, unpublished }, lines: [] };
  const { kind, name, branch } = await historyHome(inputs, tools.env);
  const lines = [`History   ${name}${kind === "folder" ? "" : `, branch ${branch}`}`];
  return { ok: true, outputs: { published: true, sitePath: null, unpublished }, lines };
}

async function buildAfter({ ok, outputs, lines }: Stored, inputs: RunInputs, tools: Tools): Promise<Stored> {
  if (inputs.skipSite || !outputs.published) return { ok, outputs, lines };
  try {
    const { sitePath, line } = await buildOwnSite(inputs, tools);
    return { ok, outputs: { ...outputs, sitePath }, lines: [...lines, line] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.error(error.message);
    return { ok: false, outputs, lines };
  }
}

/**
 * @returns the site's folder, and a line that says how to open it
 * @throws UserError also when it is cancelled: the run is published by then, and what it has to say must be said
 */
export async function buildOwnSite(inputs: RunInputs, tools: Tools): Promise<{ sitePath: string; line: string }> {
  const building = { ...pick(buildSite, inputs), skipDamaged: true };
  const build = () => buildSite.run(building, tools);
  const built = await tools.report.group("Build site", build).catch((cause) => {
    if (!tools.signal.aborted || cause !== tools.signal.reason) throw cause;
    throw new UserError("cancelled: the site was not built; what stood there before is untouched", { cause });
  });
  const isOwn = inputs.site === siteInputs.site.parse(undefined);
  const line = `Site      ${inputs.site}   ${isOwn ? "open it with: npm run preview" : "serve that folder to open it"}`;
  return { sitePath: String(built.outputs.sitePath), line };
}

async function accountOf({ output }: RunInputs, totalSeconds: number): Promise<string> {
  const cells = await readCells(output);
  const found = enginesOf(cells, await readEngines(output));
  return timeLine(timeAccount(cells, "problem" in found ? [] : found.engines, totalSeconds));
}
