import type { EngineRecord } from "../../result/document/engine-record.ts";
import { present } from "../../result/present.ts";

interface Wanted {
  engine: EngineRecord["kind"];
  model?: string | undefined;
  engineArgs: string[];
  image?: string | undefined;
}

/** Stands for an engine that did not come up, so that the cells without numbers belong to something. */
export function placeholderRecord({ engine, model, engineArgs, image }: Wanted): EngineRecord {
  return {
    schema: "pitwall.engine/1",
    kind: engine,
    baseUrl: null,
    model: model ?? "unknown",
    modelPath: model ?? "unknown",
    version: null,
    maxModelLen: null,
    dtype: null,
    args: engineArgs,
    command: [],
    pid: null,
    processStart: null,
    secondsToReady: null,
    startedAt: new Date().toISOString(),
    logFile: null,
    ...present({ image }),
  };
}
