import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine/engine-error.ts";
import { resolveEngine } from "../engine/record.ts";
import { UserError } from "../errors.ts";
import { unmeasuredCell } from "../latency/cells.ts";
import { measureCells } from "../load/measure-cells.ts";
import type { ServingCell, ServingClient } from "../load/serving-client.ts";
import { vllmClient } from "../load/vllm-client.ts";
import { VERSION } from "../package-root.ts";
import { terminalTable } from "../report/terminal.ts";
import type { Cell } from "../result/cell.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { gateCell } from "../result/gate.ts";
import type { MetricName } from "../result/metric.ts";
import type { RunCell } from "../result/run.ts";
import { formatMetric, headline } from "../result/series.ts";
import { clearCells, writeCell } from "./cell-files.ts";
import { requireContext } from "./context-length.ts";
import { servingCells, servingInputs } from "./serving-plan.ts";
import { defineVerb, type Outcome, type Tools } from "./verb.ts";

const Inputs = z.strictObject(servingInputs);
type Inputs = z.output<typeof Inputs>;

export const serveBenchmark = defineVerb({
  name: "serve-benchmark",
  description: "Measures online serving: latencies and throughput at request rates or concurrencies.",
  inputs: Inputs,
  outputs: {
    cellsOk: "Cells in which every request ended as asked.",
    cellsFailed: "Cells that failed or were left out.",
  },
  async run(inputs, tools) {
    const cells = servingCells(inputs);
    const { output, baseUrl, model } = inputs;
    const resolved = await resolveEngine({ output, baseUrl, model }, tools.signal).catch((error) => {
      if (error instanceof EngineError) return error;
      throw error;
    });
    if (!(resolved instanceof EngineError)) requireContext(inputs.pairs, resolved.maxModelLen);
    await clearCells(output, "serve-benchmark");
    await rm(rawFolderOf(output), { recursive: true, force: true });
    if (resolved instanceof EngineError) return outcomeOf(await recordDeadEngine(cells, inputs, resolved));
    const client = await clientOf(inputs, resolved, tools);
    const onCell = (cell: Cell) => writeCell(output, cell);
    return outcomeOf(await measureCells(cells, { engine: resolved, client, tools, onCell }));
  },
});

const rawFolderOf = (output: string) => join(output, "raw", "serve-benchmark");

async function clientOf({ client, output }: Inputs, engine: EngineRecord, { env }: Tools): Promise<ServingClient> {
  const { baseUrl, model } = engine;
  if (baseUrl === null) throw new UserError("the recorded engine serves no requests; run start-engine first");
  if (client === "pitwall") {
    // Loaded here: the HTTP client costs a third of the command line's start-up.
    const { pitwallClient } = await import("../load/pitwall-client.ts");
    return pitwallClient({ baseUrl, model });
  }
  return vllmClient({
    engine: { ...engine, baseUrl },
    rawFolder: rawFolderOf(output),
    logFolder: join(output, "logs"),
    env,
  });
}

/** The engine died before this benchmark: every cell says so, with its last words. */
async function recordDeadEngine(cells: ServingCell[], { output, client }: Inputs, death: EngineError): Promise<Cell[]> {
  const { reason, detail, logTail } = death;
  const failure = { reason, detail, ...(logTail === undefined ? {} : { logTail }) };
  const identity = { kind: client, version: client === "pitwall" ? VERSION : "unknown" };
  const failed = cells.map(({ plan }) => unmeasuredCell(plan, identity, failure, new Date()));
  for (const cell of failed) await writeCell(output, cell);
  return failed;
}

function outcomeOf(cells: Cell[]): Outcome {
  const gated = cells.map((cell) => gateCell(cell));
  const failed = gated.filter((cell) => cell.status !== "ok");
  return {
    ok: failed.length === 0,
    outputs: { cellsOk: gated.length - failed.length, cellsFailed: failed.length },
    text: tableOf(gated),
    annotations: failed.map((cell) => `${cell.id}: ${cell.reason}: ${cell.detail}`),
  };
}

const COLUMNS = {
  completed: "Requests",
  total_token_throughput_tok_s: "Total (tok/s)",
  ttft_ms: "TTFT p50 (ms)",
  tpot_ms: "TPOT p50 (ms)",
  e2el_ms: "E2EL p50 (ms)",
} as const satisfies Partial<Record<MetricName, string>>;

function tableOf(cells: readonly RunCell[]): string {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const rows = cells.map((cell) => {
    const values =
      cell.status === "ok"
        ? names.map((name) => formatMetric(name, headline(cell.metrics, name)))
        : [`${cell.status}: ${cell.reason}`, ...names.slice(1).map(() => "–")];
    return [cell.id.slice(cell.id.indexOf("/") + 1), ...values];
  });
  return terminalTable({ title: "Serving", columns: ["Cell", ...Object.values(COLUMNS)], firstNumber: 1, rows });
}
