/*
 * Loaded by `--import` into pitwall and its threads: ends the load thread after FAKE_THREAD_DEATH_MS, as a bug or a full
 * heap (an error) or a call of process.exit would.
 */
import { isMainThread } from "node:worker_threads";

const isLoadThread = !isMainThread && /load[/-]thread/.test(process.argv[1] ?? "");
if (isLoadThread) {
  setTimeout(() => {
    if (process.env.FAKE_THREAD_DEATH === "exit") process.exit(3);
    throw new Error("the load thread met a bug");
  }, Number(process.env.FAKE_THREAD_DEATH_MS));
}
