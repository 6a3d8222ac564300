import type { BenchCell } from "../cells.ts";

/** A request as the tool reported it, in the units of ours; the tool's own names differ, and so do their meanings. */
export interface ReportedRequest {
  /** The id under which the engine knows it too, or null where the tool keeps none. */
  id: string | null;
  /** When it was sent, on a clock of the tool's own. */
  startMs: number;
  ttftMs: number;
  /** Gaps between consecutive tokens; null where the tool keeps only the first and the last. */
  gapsMs: number[] | null;
  /** (last − first token) ÷ (tokens − 1). */
  tpotMs: number;
  outputTokens: number;
  /** How long after its planned moment it went out; null where the tool does not keep the plan. */
  sendLatenessMs: number | null;
}

export interface Report {
  /** Without warm-ups, and without those that failed. */
  requests: ReportedRequest[];
  /** As the tool counted them. */
  failed: number;
  /** Why the tool itself, not the engine, set the numbers, in its own words; null where it does not ask itself. */
  limitedBy: string[] | null;
}

export interface Command {
  program: string;
  args: string[];
  env: Record<string, string>;
}

/** A load generator under comparison. */
export interface Peer {
  name: string;
  /** Its command line for a cell; it writes to `folder`, which is empty. */
  command(cell: BenchCell, engine: { url: string; model: string }, folder: string, seed: number): Command;
  /** Reads what it wrote. @throws when that is missing or not understood */
  read(cell: BenchCell, folder: string): Report;
}

/** For the tools that run on Python: no network, no usage statistics. */
export const PYTHON_ENVIRONMENT = { HF_HUB_OFFLINE: "1", VLLM_NO_USAGE_STATS: "1", DO_NOT_TRACK: "1" };
