import type { Run } from "../result/run.ts";

/** Web page of a run's commit, on the server that its CI run is on; undefined when that isn't known. */
export function commitUrl({ repository, commit, runUrl }: Run["trigger"]): string | undefined {
  if (repository === null || commit === null || runUrl === null) return undefined;
  return `${new URL(runUrl).origin}/${repository}/commit/${commit}`;
}
