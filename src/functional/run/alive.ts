import { setTimeout as sleep } from "node:timers/promises";
import { send, type Target } from "../client/send.ts";
import { get } from "../model/ask.ts";

const LOOKS = 3;
const BETWEEN_MS = 300;
const LIMIT_SECONDS = 10;

/** Whether the server answers at all: it lists its models, or says why it does not with less than a 5xx. */
export async function isAlive(target: Target): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const answer = await send(get("/v1/models"), { ...target, requestSeconds: LIMIT_SECONDS }, "alive?").catch(
      () => undefined,
    );
    target.signal.throwIfAborted();
    if (answer !== undefined && answer.status < 500) return true;
    if (look === LOOKS) return false;
    await sleep(BETWEEN_MS, undefined, { signal: target.signal });
  }
}
