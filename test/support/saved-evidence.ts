import { instancesIn } from "../../src/evaluate/dataset/dataset.ts";
import type { Evidence } from "../../src/evaluate/evidence.ts";
import { type Asked, askedOf } from "../../src/evaluate/results/asked.ts";
import { EMPTY, GOLD } from "../../src/evaluate/work/candidate.ts";
import type { SavedEvidence } from "../../src/evaluate/work/saved-evidence.ts";
import { infraGymEntry } from "./instances.ts";
import { sampleRun } from "./run-document.ts";

/** What every evidence of these tests answers. */
const TASK = "task";

export const savedEvidence = (candidate: string, instance: string, evidence: Evidence): SavedEvidence => ({
  ...{ schema: "pitwall.evidence/1", instance, candidate, task: TASK, key: null, beforeKey: null, environment: null },
  ...{ startedAt: "2026-01-01T00:00:00.000Z", evidence },
  stages: { repository: 1, patches: 1, setUp: 1, before: 2, after: 3 },
});

interface Question {
  /** Changes of an entry in infra-gym's shape, by its id. */
  entries: Record<string, object>;
  /** Patches by model and instance. */
  models?: Record<string, Record<string, string>>;
  controls?: boolean;
}

/** What an evaluation of entries in infra-gym's shape was asked for: the gold patch, and models. */
export function askedFor({ entries, models = {}, controls = false }: Question): Asked {
  const all = Object.entries(entries).map(([id, changes]) => infraGymEntry(id, changes));
  const answers = Object.entries(models).map(([name, patches]) => ({
    name,
    patchOf: ({ id }: { id: string }) => patches[id],
  }));
  const asked = askedOf({
    instances: instancesIn({ text: JSON.stringify(all), path: "data.json" }),
    candidates: [GOLD, ...(controls ? [EMPTY] : []), ...answers],
    controls,
    ...{ trigger: sampleRun.trigger, host: sampleRun.host },
    groupOf: ({ version }) => (version === "0.5.4" ? "v0.5" : undefined),
  });
  const answered = (tasks: Record<string, string>) => Object.fromEntries(Object.keys(tasks).map((id) => [id, TASK]));
  return { ...asked, candidates: asked.candidates.map((one) => ({ ...one, tasks: answered(one.tasks) })) };
}
