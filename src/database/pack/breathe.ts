import { setImmediate } from "node:timers/promises";

/**
 * Lets what is due go on, a signal above all: between two parts of long work, so that Ctrl-C is heard.
 * @throws the signal's reason when it has been aborted
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
