import { RunInputs } from "../../run/inputs.ts";
import { kubernetesInputs } from "../../start-engine/kubernetes-inputs.ts";

/** Inputs of `run` that mean nothing here: arms are started, measured by one client with fixed loads, and not published. */
const LEFT_OUT = [
  ...(["preset", "dryRun", "output", "clean", "follow", "baseUrl"] as const),
  ...(["client", "clientArgs", "profile", "find", "findTolerance", "untilCi", "ciMetric", "maxRepeats"] as const),
  ...(["resultFormat", "database", "branch", "token", "baseline"] as const),
  ...(["compact", "allowSimulated", "publishFailed", "site", "base", "skipSite", "slackWebhook"] as const),
  ...(["quietWait", "lockClocks", "experiments", "axis", "plan", "shard", "resume"] as const),
  ...(Object.keys(kubernetesInputs) as (keyof typeof kubernetesInputs)[]),
];
type LeftOut = (typeof LEFT_OUT)[number];

const kept = Object.entries(RunInputs.shape).filter(([key]) => !LEFT_OUT.includes(key as LeftOut));

/** What is measured, and how: the same for all arms. */
export const loadInputs = Object.fromEntries(kept) as Omit<typeof RunInputs.shape, LeftOut>;

/** Inputs of a run that measures this and does nothing else. @param load may hold more, which is left out */
export function runInputsOf(load: Omit<RunInputs, LeftOut>): RunInputs {
  const own = kept.map(([key]) => [key, load[key as keyof typeof load]]);
  return { ...RunInputs.parse({}), ...Object.fromEntries(own) };
}
