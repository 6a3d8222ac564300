import type { GatewayAddress } from "../../prometheus/gateway/address.ts";
import { openGateway } from "../../prometheus/gateway/gateway.ts";
import { nameOf, pushGroups } from "../../prometheus/gateway/push.ts";
import { deleteStale } from "../../prometheus/gateway/stale.ts";
import type { Group } from "../../prometheus/group.ts";
import type { Tools } from "../../tools.ts";
import type { PushMetricsInputs } from "./inputs.ts";

const ANSWER_WITHIN_MS = 30_000;
const PATIENCE = { tries: 3, firstWaitMs: 500 };

interface Changed {
  pushed: number;
  refused: number;
  deleted: number;
}

/**
 * Pushes every group, says which are refused, and deletes the stale ones.
 * @throws UserError when the gateway cannot be reached or does not hold what it took
 */
export async function changeGateway(
  address: GatewayAddress,
  groups: readonly Group[],
  { job, deleteStale: before }: PushMetricsInputs,
  { report, signal }: Pick<Tools, "report" | "signal">,
): Promise<Changed> {
  const gateway = openGateway(address, { signal, answerWithinMs: ANSWER_WITHIN_MS });
  const refused = await pushGroups(gateway, { job, groups, now: Date.now }, PATIENCE);
  for (const group of groups) {
    const why = refused.get(group);
    if (why === undefined) report.info(`pushed ${nameOf(group)}`);
    else report.error(`${nameOf(group)}: ${why}`);
  }
  const deleted = before === undefined ? [] : await deleteStale(gateway, { job, before: before / 1000 });
  for (const group of deleted) report.info(`deleted ${nameOf(group)}`);
  return { pushed: groups.length - refused.size, refused: refused.size, deleted: deleted.length };
}
