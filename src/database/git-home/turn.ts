import { claimLock } from "../../machine/lock.ts";

/** Longest wait for others; a writer that hangs must not hold up everybody. */
const LONGEST_WAIT_MS = 60_000;

/** To be disposed of when the work is done. */
interface Turn extends AsyncDisposable {
  /** Whether others were at it in between. */
  waited: boolean;
}
const noTurn = (waited: boolean): Turn => ({ waited, [Symbol.asyncDispose]: () => Promise.resolve() });

/**
 * Lets the writers of one machine go one after the other: a push that is lost to a neighbour costs as much as one that
 * counts. It saves work and guards nothing, so without a turn (another system than Linux, a wait of a minute) the work may
 * go on.
 * @param name what is taken turns at; each user has their own
 */
export async function takeTurn(name: string, signal: AbortSignal): Promise<Turn> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  let waited = false;
  for (let left = LONGEST_WAIT_MS; left > 0 && !signal.aborted; left = deadline - performance.now()) {
    const claim = await claimLock("turn", name);
    if (claim.kind === "held") return { waited, [Symbol.asyncDispose]: () => claim.lock[Symbol.asyncDispose]() };
    waited = true;
    await claim.by.freed(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]));
  }
  return noTurn(waited);
}
