import { expect, test } from "vitest";
import { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { hostOfRun } from "../../../src/verbs/post-process/run-host.ts";
import { nvidiaSmi, toolRoom, UUID } from "../../support/gpu-tools.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const engine = (kind: EngineRecord["kind"], baseUrl: string) =>
  EngineRecord.parse({
    ...{ schema: "pitwall.engine/1", kind, baseUrl, model: "m", modelPath: "m", version: null, maxModelLen: null },
    ...{ dtype: null, args: [], command: [], pid: null, processStart: null, secondsToReady: 1, logFile: null },
    startedAt: "2026-11-22T06:45:01Z",
  });
const here = "http://127.0.0.1:8000";
const elsewhere = "http://192.0.2.7:8000";

/** On a machine whose nvidia-smi knows one H100. */
async function withGpu(record: EngineRecord, given: Parameters<typeof hostOfRun>[1] = {}) {
  const row = `0, ${UUID[0]}, NVIDIA H100 80GB HBM3, 550.54.15, 81559, 700.00, 1980, [N/A], Disabled`;
  await using room = await toolRoom("nvidia-smi", nvidiaSmi({ instead: `echo '${row}'` }));
  const { gpu, gpuCount } = await hostOfRun(record, given, recordingTools({ env: room.env }));
  return { gpu, gpuCount };
}

async function withoutTools(record: EngineRecord, given: Parameters<typeof hostOfRun>[1] = {}) {
  const { gpu, gpuCount } = await hostOfRun(record, given, recordingTools({ env: { PATH: "/nowhere" } }));
  return { gpu, gpuCount };
}

const H100 = "NVIDIA H100 80GB HBM3";
const unknown = { gpu: null, gpuCount: null };

test("an engine of this machine has this machine's GPUs, behind a URL of it, too", async () => {
  expect(await withGpu(engine("vllm", here))).toEqual({ gpu: H100, gpuCount: 1 });
  expect(await withGpu(engine("remote", here))).toEqual({ gpu: H100, gpuCount: 1 });
});

test("a machine that was asked and has none has none", async () => {
  expect(await withoutTools(engine("vllm", here))).toEqual({ gpu: null, gpuCount: 0 });
});

test("the GPU behind another machine's URL is unknown, whatever this one has", async () => {
  expect(await withGpu(engine("remote", elsewhere))).toEqual(unknown);
});

test("so it is behind a URL of this machine when that has no GPU: the port may lead anywhere", async () => {
  expect(await withoutTools(engine("remote", here))).toEqual(unknown);
});

test("what is given goes before what is found", async () => {
  expect(await withGpu(engine("remote", elsewhere), { gpu: "AMD MI300X", gpuCount: 8 })).toEqual({
    gpu: "AMD MI300X",
    gpuCount: 8,
  });
  expect(await withoutTools(engine("remote", here), { gpu: "AMD MI300X" })).toEqual({ gpu: "AMD MI300X", gpuCount: 1 });
});
