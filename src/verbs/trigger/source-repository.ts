import type { Run } from "../../result/document/run.ts";
import type { Checkout } from "./checkout.ts";
import type { MeasuredCommit } from "./measured-commit.ts";
import type { WorkflowFacts } from "./workflow.ts";

/**
 * Where the measured commit is to be seen, unless that is the workflow's own repository. Null when nobody knows: a link to a
 * page that does not exist is worse than none.
 */
export function sourceRepository(
  { isCheckedOut }: MeasuredCommit,
  checkout: Checkout,
  { repository, server }: WorkflowFacts,
): Pick<Run["trigger"], "sourceRepository"> {
  const origin = isCheckedOut && checkout.kind === "found" ? checkout.origin : null;
  if (origin === null) return { sourceRepository: null };
  const isOwn = repositoryPath(origin) === repository?.toLowerCase() && isOn(server, origin);
  return isOwn ? {} : { sourceRepository: webAddress(origin) };
}

/** `owner/name` of a remote, in lower case. */
export function repositoryPath(remote: string): string | undefined {
  const address = webAddress(remote);
  return address === null ? undefined : new URL(address).pathname.slice(1).toLowerCase();
}

/** The name of an ssh host may be an alias of the server. */
const isOn = (server: string, remote: string) =>
  !/^https?:/.test(remote) || new URL(remote).host === new URL(server).host;

/** A remote on the web, without credentials; null for a folder. */
function webAddress(remote: string): string | null {
  const [, host, path] = /^(?:[^/@:]+@)?([^/:@]+):(?!\/\/)(.+)$/.exec(remote) ?? [];
  const text = host === undefined ? remote : `ssh://${host}/${path}`;
  if (!/^(https?|ssh|git):\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const place = url.pathname.replace(/\/$/, "").replace(/\.git$/, "");
  return /^https?:$/.test(url.protocol) ? `${url.origin}${place}` : `https://${url.hostname}${place}`;
}
