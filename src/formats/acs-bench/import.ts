import { type Run, RunCell } from "../../result/document/run.ts";
import { present } from "../../result/present.ts";
import { contextFrom, type Given } from "../given.ts";
import { byTimestamp, importedRun, okCell, type SourceFile } from "../imported-run.ts";
import { localMoment } from "../local-moment.ts";
import { readSummaryTable, type SummaryRow } from "./summary-table.ts";

/**
 * A summary of acs-bench: one run, at the time of its last line; a run a time where a load is in it more than once.
 * @throws UserError naming file and line, or the option that says what the file does not
 */
export function importAcsBench(file: SourceFile, given: Given): Run[] {
  const rows = readSummaryTable(file).map((row) => ({ row, cell: cellOf(row) }));
  const isOneRun = new Set(rows.map(({ cell }) => cell.id)).size === rows.length;
  const last = rows
    .map(({ row }) => row.time)
    .toSorted()
    .at(-1)!;
  const points = rows.map(({ row, cell }) => ({ timestamp: isOneRun ? last : row.time, cell }));
  return byTimestamp(points).map(([time, cells]) =>
    importedRun({
      format: "acs-bench",
      file,
      ...localMoment(compact(time), given, file.name),
      cells,
      context: contextFrom(given, { client: "acs-bench", engine: { kind: "remote" } }, file.name),
    }),
  );
}

/** As vLLM writes a moment. */
const compact = (time: string) => time.replaceAll(/[-:]/g, "").replace(/[T ]/, "-");

/** A load in which a request failed has no number: a gap, with its reason. */
function cellOf(row: SummaryRow): RunCell {
  const { place, concurrency, inputLen, outputLen, sampling, backend = "", failRate, numPrompts } = row;
  const endpoint = /chat/i.test(backend) ? "chat" : undefined;
  const suffix = [
    ...(endpoint === undefined ? [] : [endpoint]),
    ...Object.entries(sampling).map(([name, value]) => `${name}_${value}`),
  ];
  const id = [`serve-benchmark/in_${inputLen}_out_${outputLen}_concurrency_${concurrency}`, ...suffix].join("_");
  const params = { inputLen, outputLen, concurrency, ...present({ numPrompts, endpoint }), ...sampling };
  const cell = { id, benchmark: "serve-benchmark" as const, params };
  if (failRate === 0) return okCell({ ...cell, metrics: { ...row.metrics, ...row.latencies } }, place);
  const failed = numPrompts === undefined ? undefined : Math.round(numPrompts * failRate);
  const counts = present({ failed, completed: failed === undefined ? undefined : numPrompts! - failed });
  const detail = `${(failRate * 100).toFixed(1)} % of the requests failed`;
  return RunCell.parse({ ...cell, status: "failed", reason: "incomplete_requests", detail, ...counts });
}
