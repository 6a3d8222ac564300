import type { ProcessRow } from "../process-table.ts";

/** A process that has a compute context on a GPU, as nvidia-smi lists it. */
export interface ComputeApp {
  gpu: string;
  pid: number;
  program: string;
}

export const COMPUTE_APPS_ARGS = ["--query-compute-apps=gpu_uuid,pid,process_name", "--format=csv,noheader"];

/** @param csv lines such as `GPU-8932f937-…, 4242, /usr/bin/python3`; others are passed over */
export function parseComputeApps(csv: string): ComputeApp[] {
  return csv.split("\n").flatMap((line) => {
    const [gpu = "", pid = "", program] = line.split(",", 3).map((cell) => cell.trim());
    if (program === undefined || !/^GPU-\S+$/.test(gpu) || !/^\d+$/.test(pid)) return [];
    // A program's name may hold a comma.
    return [{ gpu, pid: Number(pid), program: line.slice(line.indexOf(",", line.indexOf(",") + 1) + 1).trim() }];
  });
}

/**
 * Pids of the engine's processes and our own, with all that descends from them.
 * @param engine leader of the engine's process group; null when it is not ours
 */
export function ownProcesses(table: readonly ProcessRow[], engine: number | null, self: number): Set<number> {
  const own = new Set(table.filter(({ pid, group }) => pid === self || group === engine).map(({ pid }) => pid));
  const children = Map.groupBy(table, ({ parent }) => parent);
  for (const pid of own) for (const child of children.get(pid) ?? []) own.add(child.pid);
  return own;
}

interface Tenancy {
  /** UUIDs of the GPUs that the engine runs on; empty when that cannot be told. */
  gpus: Set<string>;
  /** Processes of others on those. */
  strangers: ComputeApp[];
}

/**
 * Who uses the engine's GPUs. In a container nvidia-smi tells the host's pids, which are nobody's or another's here: so
 * nothing is said unless the engine itself was found among them, and nothing of a pid that is not in the process table.
 */
export function tenancyOf(apps: readonly ComputeApp[], table: readonly ProcessRow[], own: Set<number>): Tenancy {
  const gpus = new Set(apps.filter(({ pid }) => own.has(pid)).map(({ gpu }) => gpu));
  const here = new Set(table.map(({ pid }) => pid));
  const strangers = apps.filter(({ gpu, pid }) => gpus.has(gpu) && here.has(pid) && !own.has(pid));
  return { gpus, strangers };
}
