import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/errors.ts";
import type { BenchCell } from "./cells.ts";
import { MODEL, startTimedEngine } from "./engine.ts";
import { sampleSession } from "./measure-cpu.ts";
import { type Measures, measuresOf } from "./measures.ts";
import type { Peer } from "./peers/peer.ts";
import { runTool } from "./run-tool.ts";
import { isOfLoad } from "./truth.ts";
import { validityProblems } from "./validity.ts";

/** One tool's run of one cell. */
export interface BenchRun {
  cell: string;
  tool: string;
  repeat: number;
  /** Empty: the run counts. */
  problems: string[];
  /** What is odd about it, but does not make it invalid. */
  notes: string[];
  /** The engine itself wrote on time: without it, figures below a few ms tell of the machine, not of the tool. */
  punctual: boolean;
  measures: Measures | null;
}

const TIMEOUT_SECONDS = 180;
/** The 99th percentile of its write lateness may be this much. */
const ENGINE_LATENESS_LIMIT_MS = 2;

/** Gives the tool an engine of its own, lets it make the load, and holds its report against the truth. */
export async function runCell(cell: BenchCell, peer: Peer, repeat: number, scratch: string): Promise<BenchRun> {
  const folder = join(scratch, `${peer.name}-${cell.id.replace(/\W+/g, "-")}-${repeat}`);
  mkdirSync(folder, { recursive: true });
  await using engine = await startTimedEngine(cell, `${folder}.truth.jsonl`);
  const sampler = sampleSession(engine.pid);
  const command = peer.command(cell, { url: engine.url, model: MODEL }, folder, repeat);
  const run = await runTool(command, {
    onOneCore: cell.pinned,
    logFile: `${folder}.log`,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  sampler.stop();
  const truth = (await engine.stop()).filter(isOfLoad);
  return { cell: cell.id, tool: peer.name, repeat, ...judge() };

  function judge(): Outcome {
    try {
      const report = peer.read(cell, folder);
      const problems = validityProblems(cell, report, truth);
      const notes = [...(run.failure === null ? [] : [run.failure]), ...(report.limitedBy ?? [])];
      if (problems.length > 0) return failed(...problems, ...notes);
      const measures = measuresOf({ cell, report, truth, run, engineSamples: sampler.samples });
      return { problems, notes, punctual: isPunctual(measures), measures };
    } catch (error) {
      return failed(run.failure ?? `its report cannot be used: ${messageOf(error)}`);
    }
  }
}

type Outcome = Omit<BenchRun, "cell" | "tool" | "repeat">;

const failed = (...problems: string[]): Outcome => ({ problems, notes: [], punctual: false, measures: null });
const isPunctual = ({ engineLateness }: Measures) =>
  engineLateness !== null && engineLateness <= ENGINE_LATENESS_LIMIT_MS;
