import type { z } from "zod";
import type { Verb } from "../verb.ts";

/** What inputs of all verbs are about, in the order in which help, the tables of the docs and action.yml have them. */
export const GROUPS = [
  "Arguments",
  "What to do",
  "What the files do not say",
  "Commits and patches",
  "Bisect",
  "Arms",
  "Engine",
  "Docker",
  "Kubernetes",
  "Images (build-image)",
  "Builds (build-image)",
  "Instances and patches",
  "How tests run",
  "Proxies",
  "Cases (check-functional)",
  "Starts (startup-benchmark)",
  "Batches (latency-sweep, throughput-benchmark)",
  "Prompts (serve-benchmark)",
  "Load (serve-benchmark)",
  "Samples (check-accuracy)",
  "Questions and answers (check-accuracy)",
  "Score (check-accuracy)",
  "Repetition",
  "SLOs and search",
  "Client",
  "Time limits",
  "Experiments",
  "Machine and commit",
  "History",
  "Which runs",
  "Which numbers",
  "Retract, rename, accept",
  "Site",
  "Message",
  "Prometheus",
  "Output",
  "Common",
] as const;
export type Group = (typeof GROUPS)[number];

const groups = new WeakMap<z.ZodType, Group>();

/** The same fields, those first that one needs first. @throws RangeError for one that already is in another group */
export function inGroup<F extends Record<string, z.ZodType>>(group: Group, fields: F): F {
  for (const [key, field] of Object.entries(fields)) {
    const other = groups.get(field) ?? group;
    if (other !== group) throw new RangeError(`${key} is in “${other}” already`);
    groups.set(field, group);
  }
  return fields;
}

export interface GroupedInput {
  group: Group;
  key: string;
  schema: z.ZodType;
}

/** A verb's inputs, group by group; within one, as the schema has them. @throws RangeError for one without a group */
export function groupedInputs({ inputs, positional }: Pick<Verb, "inputs" | "positional">): GroupedInput[] {
  const all = Object.entries(inputs.shape).map(([key, field]): GroupedInput => {
    const schema = field as z.ZodType;
    const group = key === positional ? "Arguments" : groups.get(schema);
    if (group === undefined) throw new RangeError(`the input ${key} needs a group`);
    return { group, key, schema };
  });
  return all.sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group));
}
