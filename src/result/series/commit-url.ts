import { webLink } from "../../foreign-text/web-link.ts";
import type { Run } from "../document/run.ts";

/** Web page of the repository that holds a run's commit, on the server that its CI run is on; undefined when that isn't known. */
export function repositoryUrl({ repository, runUrl, sourceRepository }: Run["trigger"]): string | undefined {
  if (sourceRepository !== undefined) return webLink(sourceRepository);
  return repository === null || webLink(runUrl) === undefined ? undefined : `${new URL(runUrl!).origin}/${repository}`;
}

/** Web page of a run's commit; undefined when that isn't known. */
export function commitUrl(trigger: Run["trigger"]): string | undefined {
  const home = repositoryUrl(trigger);
  return home === undefined || trigger.commit === null ? undefined : `${home}/commit/${trigger.commit}`;
}
