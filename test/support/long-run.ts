import type { Run } from "../../src/result/document/run.ts";
import { crashedServingCell, okLatencyCell, sampleRun } from "./run-document.ts";

/** A valid document from before there were limits of a text: all its names have `length` characters, its error millions. */
export function longRun(length = 100_000, changes: Partial<Run> = {}): Run {
  const long = "x".repeat(length);
  return {
    ...sampleRun,
    outcome: "failed",
    trigger: { ...sampleRun.trigger, subject: long, job: long },
    engine: { ...sampleRun.engine, version: long, image: long },
    model: { ...sampleRun.model, name: `octo/${long}`, quantization: long },
    host: { ...sampleRun.host, label: long, gpu: long },
    client: { kind: long, version: long },
    configuration: long,
    cells: [
      { ...okLatencyCell, telemetry: { warnings: [long, long] } },
      { ...crashedServingCell, detail: "y".repeat(3_500_000), logTail: long },
    ] as Run["cells"],
    ...changes,
  };
}
