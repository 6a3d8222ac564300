import { type Ask, type FoundGpu, type Inventory, told } from "./found-gpu.ts";
import { numberOf } from "./reading.ts";

const FIELDS = [
  "index",
  "uuid",
  "name",
  "driver_version",
  "memory.total",
  "power.limit",
  "clocks.max.sm",
  "clocks.applications.graphics",
  "mig.mode.current",
];

/** A driver that does not know a field names it and prints nothing else: it is asked again without. */
export async function nvidiaInventory(ask: Ask, fields = FIELDS): Promise<Inventory> {
  const answer = await ask([`--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits"]);
  const refused = /Field "([\w.]+)" is not a valid field to query/.exec(answer?.stdout ?? "")?.[1];
  if (refused !== undefined && fields.includes(refused)) {
    return nvidiaInventory(
      ask,
      fields.filter((field) => field !== refused),
    );
  }
  const rows = answer?.exitCode === 0 ? answer.stdout.split("\n").map((line) => rowOf(line, fields)) : [];
  const gpus = rows.map(gpuOf).filter((gpu) => gpu !== undefined);
  return { gpus, driver: rows[0]?.driver_version ?? null };
}

function rowOf(line: string, fields: readonly string[]): Record<string, string | undefined> {
  const cells = line.split(",").map((cell) => cell.trim());
  return cells.length === fields.length ? Object.fromEntries(fields.map((field, i) => [field, cells[i]])) : {};
}

function gpuOf(row: Record<string, string | undefined>): FoundGpu | undefined {
  const index = numberOf(row.index);
  if (index === undefined || row.name === undefined) return undefined;
  const mig = row["mig.mode.current"];
  return told({
    index,
    name: row.name,
    uuid: row.uuid?.startsWith("GPU-") ? row.uuid : undefined,
    memoryMib: numberOf(row["memory.total"]),
    powerLimitW: numberOf(row["power.limit"]),
    maxClockMhz: numberOf(row["clocks.max.sm"]),
    applicationClockMhz: numberOf(row["clocks.applications.graphics"]),
    mig: mig === "Enabled" || mig === "Disabled" ? mig === "Enabled" : undefined,
  });
}
