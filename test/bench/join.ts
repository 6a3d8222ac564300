import type { ReportedRequest } from "./peers/peer.ts";
import type { TrueRequest } from "./truth.ts";

export interface JoinedRequest {
  reported: ReportedRequest;
  truth: TrueRequest;
}

/** An engine puts a kind before the id of a request when it answers. */
const bare = (id: string) => id.replace(/^(chat)?cmpl-/, "");

/**
 * Pairs what a tool reported with what the engine knows: by id where the engine knows all of the tool's ids, else by
 * order of sending, which is that of acceptance but for requests sent at the same moment.
 * @param truth in order of acceptance, warm-ups first
 * @throws RangeError when the engine saw fewer requests than were reported
 */
export function joinRequests(reported: readonly ReportedRequest[], truth: readonly TrueRequest[]): JoinedRequest[] {
  if (truth.length < reported.length) {
    throw new RangeError(`${reported.length} requests were reported, but the engine saw ${truth.length}`);
  }
  return joinById(reported, truth) ?? joinByOrder(reported, truth);
}

function joinById(reported: readonly ReportedRequest[], truth: readonly TrueRequest[]): JoinedRequest[] | null {
  const known = new Map(truth.map((request) => [bare(request.id), request]));
  const joined = reported.map((request) => ({ reported: request, truth: known.get(bare(request.id ?? "")) }));
  return joined.every((pair): pair is JoinedRequest => pair.truth !== undefined) ? joined : null;
}

function joinByOrder(reported: readonly ReportedRequest[], truth: readonly TrueRequest[]): JoinedRequest[] {
  const measured = truth.slice(truth.length - reported.length);
  const sent = reported.toSorted((a, b) => a.startMs - b.startMs);
  return sent.map((request, index) => ({ reported: request, truth: measured[index]! }));
}
