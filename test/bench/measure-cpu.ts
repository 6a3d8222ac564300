import { readdirSync, readFileSync } from "node:fs";

/** Linux tells CPU time in hundredths of a second and memory in pages, to programs of every architecture we run on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

interface Usage {
  /** User and system time, with that of ended children that were collected. */
  cpuSeconds: number;
  rssBytes: number;
}

interface StatRow extends Usage {
  session: number;
  /** CPU time of the collected children alone. */
  childrenCpuSeconds: number;
}

/** @param stat text of /proc/<pid>/stat; field numbers are those of proc_pid_stat(5) */
export function parseStat(stat: string): StatRow {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const childrenCpuSeconds = (field(16) + field(17)) / TICKS_PER_SECOND;
  return {
    session: field(6),
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND + childrenCpuSeconds,
    childrenCpuSeconds,
    rssBytes: field(24) * PAGE_BYTES,
  };
}

function readStat(pid: number | string): StatRow | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return null; // it ended while we looked
  }
}

/** CPU time of all children of this process that have ended, with their own: exact where sampling is not. */
export const endedChildrenCpuSeconds = (): number => readStat("self")!.childrenCpuSeconds;

/** CLOCK_MONOTONIC in ms: the clock of the truth log. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface Sample extends Usage {
  atMs: number;
}

const SAMPLE_EVERY_MS = 50;
const LOOK_FOR_NEW_EVERY = 5;

/** Samples everything that runs in a session until it is stopped. @param session pid of its leader */
export function sampleSession(session: number): { samples: Sample[]; stop(): void } {
  const samples: Sample[] = [];
  const members = sessionMembers(session);
  let round = 0;
  const timer = setInterval(() => {
    if (round++ % LOOK_FOR_NEW_EVERY === 0) members.look();
    const rows = [...members.pids].map(readStat).filter((row) => row !== null);
    const sum = (pick: (row: StatRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
    samples.push({
      atMs: monotonicMs(),
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      rssBytes: sum(({ rssBytes }) => rssBytes),
    });
  }, SAMPLE_EVERY_MS);
  return { samples, stop: () => clearInterval(timer) };
}

/** Looks at each pid once only: the looking must not disturb what is measured. */
function sessionMembers(session: number): { pids: Set<number>; look(): void } {
  const pids = new Set<number>();
  const seen = new Set<string>();
  const look = () => {
    for (const name of readdirSync("/proc")) {
      if (seen.has(name) || !/^\d+$/.test(name)) continue;
      seen.add(name);
      if (readStat(name)?.session === session) pids.add(Number(name));
    }
  };
  return { pids, look };
}

/** CPU time used until a moment, by interpolation; 0 before the first sample, the last sample's after it. */
export function cpuSecondsAt(samples: readonly Sample[], moment: number): number {
  const after = samples.findIndex(({ atMs }) => atMs >= moment);
  if (after === -1) return samples.at(-1)?.cpuSeconds ?? 0;
  if (after === 0) return 0;
  const [left, right] = [samples[after - 1]!, samples[after]!];
  const part = (moment - left.atMs) / (right.atMs - left.atMs);
  return left.cpuSeconds + part * (right.cpuSeconds - left.cpuSeconds);
}

export const peakRssBytes = (samples: readonly Sample[]): number =>
  samples.reduce((peak, { rssBytes }) => Math.max(peak, rssBytes), 0);
