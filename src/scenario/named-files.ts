import { isAbsolute, join } from "node:path";
import type { Scenario } from "./scenario.ts";

/** Keys of a scenario that name files, by the words that a mistake has for them. */
export type NamedFile = "perf.profile" | "functional" | "manifest" | "k8s_delete_yaml" | `accuracy.${AccuracyFile}`;
type AccuracyFile = (typeof ACCURACY_FILES)[number];
const ACCURACY_FILES = ["samples_file", "dataset_file"] as const;

/** A scenario of a file with its paths as they are from here: in the file they begin at the root of all scenarios. */
export function fromRoot(root: string, scenario: Scenario): Scenario {
  const { perf, accuracy } = scenario;
  const placed = (path: string) => (isAbsolute(path) ? path : join(root, path));
  const own = (["functional", "manifest", "k8s_delete_yaml"] as const).flatMap((key) =>
    scenario[key] === undefined ? [] : [[key, placed(scenario[key])]],
  );
  const ofAccuracy = ACCURACY_FILES.flatMap((key) => {
    const path = accuracy?.[key];
    return typeof path === "string" ? [[key, placed(path)]] : [];
  });
  return {
    ...scenario,
    ...Object.fromEntries(own),
    ...(perf?.profile === undefined ? {} : { perf: { ...perf, profile: placed(perf.profile) } }),
    ...(accuracy === undefined ? {} : { accuracy: { ...accuracy, ...Object.fromEntries(ofAccuracy) } }),
  };
}

/** The files that a scenario names. */
export function namedFiles(scenario: Scenario): [NamedFile, string][] {
  const { perf, accuracy } = scenario;
  const all: [NamedFile, unknown][] = [
    ["perf.profile", perf?.profile],
    ...(["functional", "manifest", "k8s_delete_yaml"] as const).map(
      (key) => [key, scenario[key]] as [NamedFile, unknown],
    ),
    ...ACCURACY_FILES.map((key) => [`accuracy.${key}`, accuracy?.[key]] as [NamedFile, unknown]),
  ];
  return all.filter((one): one is [NamedFile, string] => typeof one[1] === "string");
}
