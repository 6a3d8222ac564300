import { basename, join } from "node:path";
import { writeJson } from "../files.ts";
import type { Cell, CellParams, SingleMeasurement } from "../result/document/cell.ts";
import { vllmThroughputFile } from "../result/vllm/result.ts";
import { rawFolder } from "../working-folder/names.ts";
import { type RecordedEngine, recordsOf } from "./pytorch-record.ts";

type Batch = Extract<SingleMeasurement, { kind: "batch" }>;

/** What `vllm bench throughput` would have written of a measured cell, and PyTorch's format beside; one of each a repeat. */
export async function writeThroughputFiles(cell: Cell, engine: RecordedEngine, output: string): Promise<void> {
  if (cell.status !== "measured") return;
  const { measurement } = cell;
  const all = measurement.kind === "repeated" ? measurement.repeats : [measurement];
  const batches = all.filter((one) => one.kind === "batch");
  for (const [index, batch] of batches.entries()) {
    const repeat = batches.length === 1 ? "" : `_repeat_${index + 1}`;
    const path = join(rawFolder(output), `throughput_${basename(cell.id)}${repeat}`);
    await writeJson(`${path}.json`, vllmThroughputFile(engine.model, batch));
    await writeJson(`${path}.pytorch.json`, throughputRecords(engine, cell.params, batch));
  }
}

function throughputRecords(engine: RecordedEngine, params: CellParams, batch: Batch) {
  const { requests_per_second, tokens_per_second, model_id: _, ...extra } = vllmThroughputFile(engine.model, batch);
  const args = {
    backend: "vllm",
    dataset_name: "random",
    input_len: params.inputLen,
    output_len: params.outputLen,
    n: params.n ?? 1,
    num_prompts: params.numPrompts,
    num_warmups: params.warmupRequests,
    disable_detokenize: params.detokenize === false,
    seed: params.seed,
  };
  const metrics = { requests_per_second: [requests_per_second], tokens_per_second: [tokens_per_second] };
  return recordsOf(engine, args, metrics, extra);
}
