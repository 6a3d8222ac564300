import { messageOf } from "../../errors.ts";
import { refusalOf } from "../../last-resort.ts";
import type { Tools } from "../../tools.ts";
import { type Stopped, stopped } from "../runtime/runtime.ts";

/** Ends work that takes too long, and makes evidence of whatever went wrong with it. @throws the reason of the tools' own signal only */
export async function limited<T>(
  seconds: number,
  tools: Tools,
  work: (tools: Tools) => Promise<T>,
): Promise<T | Stopped> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  try {
    const { report, env } = tools;
    return await work({ report, env, signal: AbortSignal.any([tools.signal, limit.signal]) });
  } catch (error) {
    tools.signal.throwIfAborted();
    if (limit.signal.aborted)
      return stopped("time", "timeout", `it took more than the ${Math.round(seconds)} s of an instance`);
    return stopped("container", "error", refusalOf(error) ?? messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}
