import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { Run } from "../../src/result/document/run.ts";
import { crashedServingCell, okLatencyCell, sampleRun } from "./run-document.ts";

/** Harmless markers by what they try; test/fixtures/hostile/README.md says more. */
const MARKERS: Record<string, string> = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, "test/fixtures/hostile/markers.json"), "utf8"),
);
const ALL = Object.values(MARKERS);

/** All markers in one text, a text for each that is first: many mean something at the beginning alone. */
export const HOSTILE_TEXTS = ALL.map((_, at) => [...ALL.slice(at), ...ALL.slice(0, at)].join(" "));

/** Passes for a URL. */
const HOSTILE_LINK = "javascript:void('pitwall-marker')";

/** A document with every field that texts of others may stand in. */
const fullRun: Run = {
  ...sampleRun,
  outcome: "failed",
  trigger: { ...sampleRun.trigger, workflowRef: "x", sourceRepository: "https://example.com/x" },
  engine: { ...sampleRun.engine, image: "x", imageDigest: "x", args: ["x", "y"] },
  model: { ...sampleRun.model, revision: "x", quantization: "x" },
  host: { ...sampleRun.host, gpus: [{ name: "x" }], driver: "x", cuda: "x", cpu: "x" },
  configuration: "x",
  source: { format: "x", file: "x", tool: "x", note: "x" },
  cells: [
    {
      ...okLatencyCell,
      params: { ...okLatencyCell.params, text: "x" },
      client: { kind: "x", version: "x" },
      telemetry: { warnings: ["x"], gpu: { tool: "nvidia-smi", samples: 1, gpus: 1, throttling: ["x"] } },
    } as Run["cells"][number],
    {
      ...crashedServingCell,
      id: "serve-benchmark/pitwall-marker",
      params: { dataset: "x", requestRate: 1 },
      search: { find: "max-rate", objectives: ["x"], tolerance: 0.1, probes: [probe("x")] },
    } as Run["cells"][number],
  ],
};

function probe(detail: string) {
  return { level: 1, meets: false, values: { "ttft_ms.p99": 1 }, detail };
}

/** A valid document of these changes with a hostile text wherever the schema takes one, and a link where it wants a URL. */
export function hostileRun(text: string, changes: Partial<Run> = {}): Run {
  let run = { ...structuredClone(fullRun), ...changes };
  for (const path of textsIn(run)) {
    run =
      [text, HOSTILE_LINK].map((value) => withText(run, path, value)).find((one) => Run.safeParse(one).success) ?? run;
  }
  return run;
}

function textsIn(value: unknown): (string | number)[][] {
  if (typeof value === "string") return [[]];
  if (typeof value !== "object" || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => textsIn((value as Record<string, unknown>)[key]).map((path) => [key, ...path]));
}

function withText(run: Run, path: readonly (string | number)[], text: string): Run {
  const copy = structuredClone(run);
  const last = path.at(-1)!;
  const place = path.slice(0, -1).reduce((at: unknown, key) => (at as Record<string, unknown>)[key], copy);
  (place as Record<string, unknown>)[last] = text;
  return copy;
}
