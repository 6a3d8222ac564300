import { cellsText } from "../../report/terminal.ts";
import type { Cell } from "../../result/document/cell.ts";
import { gateCell } from "../../result/gate/gate.ts";
import type { Outcome } from "../verb.ts";

/** How a benchmark ended, by its cells: good when every one passed the gate. */
export function outcomeOf(cells: readonly Cell[]): Outcome {
  const gated = cells.map((cell) => gateCell(cell));
  const failed = gated.filter((cell) => cell.status !== "ok");
  return {
    ok: failed.length === 0,
    outputs: { cellsOk: gated.length - failed.length, cellsFailed: failed.length },
    text: cellsText(gated),
    failures: failed.map(({ id, reason, detail }) => ({ what: "cell", name: id, reason, detail })),
  };
}
