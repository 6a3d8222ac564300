import { parquetWriteBuffer } from "hyparquet-writer";
import type { Point } from "../database/query/points.ts";

type ColumnType = "STRING" | "DOUBLE" | "INT32" | "BOOLEAN" | "TIMESTAMP";

const COLUMNS = {
  startedAt: "TIMESTAMP",
  run: "STRING",
  commit: "STRING",
  ref: "STRING",
  engine: "STRING",
  engineVersion: "STRING",
  model: "STRING",
  quantization: "STRING",
  tensorParallel: "INT32",
  gpu: "STRING",
  host: "STRING",
  client: "STRING",
  configuration: "STRING",
  engineArguments: "STRING",
  simulated: "BOOLEAN",
  cell: "STRING",
  metric: "STRING",
  statistic: "STRING",
  value: "DOUBLE",
  unit: "STRING",
} as const satisfies { [C in keyof Point]: ColumnType };

/** A row a number, with the columns of the long CSV; moments are timestamps to the millisecond. */
export function parquetFile(points: readonly Point[]): Uint8Array {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const columnData = names.map((name) => ({
    name,
    type: COLUMNS[name],
    nullable: true,
    data: points.map((point) => (name === "startedAt" ? new Date(point.startedAt) : point[name])),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: "pitwall" }));
}
