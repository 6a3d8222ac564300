import { basename, join } from "node:path";
import { writeJson } from "../../files.ts";
import type { Cell, RequestSamples } from "../../result/document/cell.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { requestColumns } from "../../result/measure/request-columns.ts";
import { vllmServeFile } from "../../result/vllm/serve-file.ts";
import { rawFolder } from "../../working-folder/names.ts";
import type { ServingInputs } from "./inputs.ts";

export const rawFolderOf = (output: string) => join(rawFolder(output), "serve-benchmark");

/**
 * Beside the cell, where asked for: `<name>.requests.json`, every request and token as columns, and `<name>.json` in the
 * shape of `vllm bench serve`. A cell that was measured several times has one of each a repeat.
 */
export async function writeRequestFiles(
  cell: Cell,
  { output, saveRequests, resultFormat }: ServingInputs,
  engine: EngineRecord,
): Promise<void> {
  for (const { name, requests } of samplesOf(cell)) {
    const path = join(rawFolderOf(output), name);
    if (saveRequests) await writeJson(`${path}.requests.json`, requestColumns(requests));
    if (resultFormat === "vllm") await writeJson(`${path}.json`, vllmFile(cell, requests, engine, saveRequests));
  }
}

function samplesOf(cell: Cell): { name: string; requests: RequestSamples }[] {
  if (cell.status === "skipped" || cell.measurement === undefined) return [];
  const { measurement } = cell;
  const name = basename(cell.id);
  if (measurement.kind === "requests") return [{ name, requests: measurement.requests }];
  if (measurement.kind !== "repeated") return [];
  return measurement.repeats.flatMap((repeat, index) =>
    repeat.kind === "requests" ? [{ name: `${name}_repeat_${index + 1}`, requests: repeat.requests }] : [],
  );
}

function vllmFile(cell: Cell, requests: RequestSamples, engine: EngineRecord, detailed: boolean) {
  const { endpoint, requestRate, burstiness, concurrency, maxConcurrency } = cell.params;
  const limit = concurrency ?? maxConcurrency;
  return vllmServeFile(requests, {
    finishedAt: new Date(cell.status === "skipped" ? 0 : cell.finishedAt),
    backend: endpoint === "chat" ? "openai-chat" : "vllm",
    model: engine.model,
    tokenizer: null,
    numPrompts: requests.errors.length,
    requestRate: typeof requestRate === "number" ? requestRate : Number.POSITIVE_INFINITY,
    burstiness: typeof burstiness === "number" ? burstiness : 1,
    maxConcurrency: typeof limit === "number" ? limit : null,
    slos: cell.status === "skipped" ? undefined : cell.slos,
    detailed,
  });
}
