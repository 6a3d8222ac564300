import { UserError } from "../../errors.ts";
import type { Gateway } from "./gateway.ts";
import { groupingPath } from "./grouping-path.ts";
import { type GroupThere, groupsThere } from "./groups-there.ts";

interface Stale {
  job: string;
  /** Seconds since 1970: what was pushed before is stale. */
  before: number;
}

/**
 * Deletes the groups of a job that nobody has pushed for long, exactly those; what pitwall never pushed stays.
 * @returns what is gone now
 * @throws UserError when the gateway refuses, or holds one of them still
 */
export async function deleteStale(gateway: Gateway, stale: Stale): Promise<GroupThere[]> {
  const groups = staleAmong(await groupsThere(gateway), stale);
  for (const { job, labels } of groups) {
    const answer = await gateway.ask("DELETE", groupingPath(job, labels));
    if (answer.kind !== "done") throw new UserError(`${gateway.base} deletes no stale group: ${answer.reason}`);
  }
  if (groups.length > 0 && staleAmong(await groupsThere(gateway), stale).length > 0) {
    throw new UserError(`${gateway.base} took the deletion of stale groups, but holds some still`);
  }
  return groups;
}

function staleAmong(groups: readonly GroupThere[], { job, before }: Stale): GroupThere[] {
  return groups.filter((group) => group.job === job && group.pushedAt !== undefined && group.pushedAt < before);
}
