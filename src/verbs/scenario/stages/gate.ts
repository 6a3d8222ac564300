import { NoHistoryError, readContent } from "../../../database/read/read.ts";
import { shownContent } from "../../../database/read/shown.ts";
import { readJson, writeJson } from "../../../files.ts";
import { Run } from "../../../result/document/run.ts";
import {
  type GateResult,
  type GateRow,
  lastGoodDaily,
  regressionGate,
  STANDARD_RULES,
} from "../../../scenario/gate.ts";
import type { RunType } from "../../../scenario/matrix.ts";
import { perfMetrics } from "../../../scenario/perf-metrics.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import type { RunVerdict } from "../../../verdict/judge-run.ts";
import { runFile } from "../../../working-folder/names.ts";
import { historyHome } from "../../history/home.ts";
import { compareWithHistory } from "../../post-process/compare-history.ts";
import { postProcess } from "../../post-process/post-process.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

interface Wanted {
  output: string;
  runType: RunType;
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
}

/** Makes the run document of what was measured and checked, and holds it against the scenario's last good daily run. */
export async function gate(scenario: Scenario, wanted: Wanted, tools: Tools): Promise<Found> {
  const { output, database, branch, token } = wanted;
  const decided = { output, configuration: scenario.id };
  await postProcess.run(stageInputs(postProcess, scenario, { decided, env: tools.env }), tools);
  const run = await readJson(runFile(output), Run);
  const home = { database, branch, token };
  const runs = database === undefined ? [] : await runsOf(home, tools);
  const baseline = lastGoodDaily(runs, scenario.id, run);
  const rules = { ...STANDARD_RULES, ...scenario.gate };
  const verdict = baseline === undefined ? null : await compareWithHistory(run, home, tools);
  const result = withNoise(regressionGate(run, baseline, rules), verdict);
  const found = { run_file: runFile(output), gate: result, perf_metrics: perfMetrics(run) };
  const { cells } = run;
  return {
    state: result.ok ? "ok" : "failed",
    found: cells.some(isServing) ? found : { run_file: found.run_file },
    detail: detailOf(result, wanted),
  };
}

const isServing = ({ benchmark }: Run["cells"][number]) => benchmark === "serve-benchmark";

/** What lies within a series' own known noise is no regression, however small the rule's margin. */
function withNoise(result: GateResult, verdict: RunVerdict | null): GateResult {
  const steady = new Set(
    verdict?.series.filter(({ standing }) => standing.kind === "steady").map(({ cell, metric }) => `${cell} ${metric}`),
  );
  const rows = result.rows.map((row): GateRow => {
    const isNoise = !row.ok && steady.has(`${row.cell} ${row.metric.split(".")[0]}`);
    return isNoise ? { ...row, ok: true, withinNoise: true } : row;
  });
  return { ...result, rows, ok: rows.every(({ ok }) => ok) };
}

function detailOf({ baseline, rows, ok, notCompared }: GateResult, { database }: Wanted): string {
  const bad = rows.filter((row) => !row.ok).map(rowText);
  if (!ok) return bad.join("; ");
  const left = notCompared.length === 0 ? "" : `; not compared: ${notCompared.join(", ")}`;
  if (baseline !== undefined) return `against ${baseline}${left}`;
  if (rows.length + notCompared.length === 0) return "no load was measured, so there is nothing to compare";
  return database === undefined
    ? "no --database, so no baseline to compare with"
    : "no good daily run of this scenario with these loads yet to compare with";
}

const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
const rowText = ({ cell, metric, ratio, value }: GateRow) =>
  ratio === undefined ? `${cell}: ${(value * 100).toFixed(1)} % ${metric}` : `${cell}: ${metric} ${percent(ratio)}`;

/** A history that cannot be read is no baseline; what is wrong with it is told. */
async function runsOf(
  home: Pick<Wanted, "database" | "branch" | "token">,
  { env, signal, report }: Tools,
): Promise<readonly Run[]> {
  const { source, token } = await historyHome(home, env);
  try {
    return shownContent(await readContent(source, { env, token, signal })).runs;
  } catch (error) {
    if (!(error instanceof NoHistoryError)) throw error;
    report.info(`no history yet: ${error.message}`);
    return [];
  }
}

/** Notes in the run document which scenario it is of and how that ended, so that later runs find their baseline. */
export async function signRun(output: string, scenario: NonNullable<Run["scenario"]>): Promise<void> {
  const run = await readJson(runFile(output), Run);
  await writeJson(runFile(output), Run.parse({ ...run, scenario }));
}
