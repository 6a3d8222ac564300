import type { GatewayAddress } from "../../prometheus/gateway/address.ts";
import { type Gateway, openGateway } from "../../prometheus/gateway/gateway.ts";
import { GroupRefused, nameOf, pushGroup } from "../../prometheus/gateway/push.ts";
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
 * Pushes every group and deletes the stale ones. A group that is refused, as for a type that another one has already, says
 * nothing of the others.
 * @throws UserError when the gateway cannot be reached or does not hold what it took
 */
export async function changeGateway(
  address: GatewayAddress,
  groups: readonly Group[],
  { job, deleteStale: before }: PushMetricsInputs,
  { report, signal }: Pick<Tools, "report" | "signal">,
): Promise<Changed> {
  const gateway = openGateway(address, { signal, answerWithinMs: ANSWER_WITHIN_MS });
  let refused = 0;
  for (const group of groups) {
    if (await isTaken(gateway, job, group, report)) report.info(`pushed ${nameOf(group)}`);
    else refused++;
  }
  const deleted = before === undefined ? [] : await deleteStale(gateway, { job, before: before / 1000 });
  for (const group of deleted) report.info(`deleted ${nameOf(group)}`);
  return { pushed: groups.length - refused, refused, deleted: deleted.length };
}

async function isTaken(gateway: Gateway, job: string, group: Group, report: Tools["report"]): Promise<boolean> {
  try {
    await pushGroup(gateway, { job, group, now: Date.now() }, PATIENCE);
    return true;
  } catch (error) {
    if (!(error instanceof GroupRefused)) throw error;
    report.error(`${nameOf(group)}: ${error.message}`);
    return false;
  }
}
