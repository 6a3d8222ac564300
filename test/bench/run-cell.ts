import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/errors.ts";
import type { BenchCell } from "./cells.ts";
import { MODEL, startTimedEngine } from "./engine.ts";
import { sampleSession } from "./measure-cpu.ts";
import { type Measures, measuresOf } from "./measures.ts";
import type { Peer } from "./peers/peer.ts";
import { runTool } from "./run-tool.ts";
import { validityProblems } from "./validity.ts";

/** One tool's run of one cell. */
export interface BenchRun {
  cell: string;
  tool: string;
  repeat: number;
  /** Empty: the run counts. */
  problems: string[];
  /** Doubts that do not make it invalid. */
  notes: string[];
  measures: Measures | null;
}

const TIMEOUT_SECONDS = 180;
/** Above it the engine itself is not on time, and the machine too busy for figures below a millisecond. */
const ENGINE_LATENESS_LIMIT_MS = 2;

/** Gives the tool an engine of its own, lets it make the load, and holds its report against the truth. */
export async function runCell(cell: BenchCell, peer: Peer, repeat: number, scratch: string): Promise<BenchRun> {
  const folder = join(scratch, `${peer.name}-${cell.id.replace(/\W+/g, "-")}-${repeat}`);
  mkdirSync(folder, { recursive: true });
  const identity = { cell: cell.id, tool: peer.name, repeat };
  await using engine = await startTimedEngine(cell, `${folder}.truth.jsonl`);
  const sampler = sampleSession(engine.pid);
  const command = peer.command(cell, { url: engine.url, model: MODEL }, folder, repeat);
  const run = await runTool(command, {
    onOneCore: cell.pinned,
    logFile: `${folder}.log`,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  sampler.stop();
  const truth = await engine.stop();
  if (run.failure !== null) return { ...identity, problems: [run.failure], notes: [], measures: null };
  try {
    const report = peer.read(cell, folder);
    const problems = validityProblems(cell, report, truth);
    if (problems.length > 0) return { ...identity, problems, notes: report.notes, measures: null };
    const measures = measuresOf({ cell, report, truth, run, engineSamples: sampler.samples });
    return { ...identity, problems, notes: [...report.notes, ...lateEngine(measures)], measures };
  } catch (error) {
    return { ...identity, problems: [`its report cannot be used: ${messageOf(error)}`], notes: [], measures: null };
  }
}

function lateEngine({ engineLateness }: Measures): string[] {
  if (engineLateness === null || engineLateness <= ENGINE_LATENESS_LIMIT_MS) return [];
  return [`the engine itself wrote late: p99 ${engineLateness.toFixed(1)} ms, above ${ENGINE_LATENESS_LIMIT_MS} ms`];
}
