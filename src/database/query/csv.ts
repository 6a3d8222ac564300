import { csvLine as line } from "../../foreign-text/csv-line.ts";
import { type Point, seriesName } from "./points.ts";

const COLUMNS = [
  "startedAt",
  "run",
  "commit",
  "ref",
  "engine",
  "engineVersion",
  "model",
  "quantization",
  "tensorParallel",
  "gpu",
  "host",
  "client",
  "configuration",
  "engineArguments",
  "simulated",
  "cell",
  "metric",
  "statistic",
  "value",
  "unit",
] as const satisfies (keyof Point)[];

/** A line a number. */
export function longCsv(points: readonly Point[]): string {
  return line(COLUMNS) + points.map((point) => line(COLUMNS.map((column) => point[column]))).join("");
}

/** A line a run, a column a series; empty where a run has no such number. */
export function wideCsv(points: readonly Point[]): string {
  const runColumns = COLUMNS.slice(0, COLUMNS.indexOf("cell")).filter((column) => column !== "client");
  const series = [...new Set(points.map(seriesName))];
  const rows = [...Map.groupBy(points, ({ run }) => run).values()].map((ofRun) => {
    const values = new Map(ofRun.map((point) => [seriesName(point), point.value]));
    return line([...runColumns.map((column) => ofRun[0]![column]), ...series.map((name) => values.get(name))]);
  });
  return line([...runColumns, ...series]) + rows.join("");
}
