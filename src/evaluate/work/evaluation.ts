import type { Tools } from "../../tools.ts";
import { removeLeftovers } from "../runtime/leftovers.ts";
import { beginWork } from "../runtime/owner.ts";
import { evaluateInstance } from "./instance-evaluation.ts";
import type { Evaluation } from "./plan.ts";
import { makeResources } from "./resources.ts";

/**
 * Runs every candidate on every instance, side by side; whatever happens to one, the others go on.
 * @throws the signal's reason on abort, when all that was started has ended; what is finished is kept
 */
export async function evaluate(evaluation: Evaluation, tools: Tools): Promise<void> {
  const { instances, jobs, gpus, runtime } = evaluation;
  await removeLeftovers(runtime.docker, (folder) => runtime.removeTree(folder), tools);
  const owner = await beginWork();
  const resources = makeResources(jobs, gpus);
  try {
    const ends = await Promise.allSettled(
      instances.map((instance) => evaluateInstance({ evaluation, instance, resources, owner }, tools)),
    );
    tools.signal.throwIfAborted();
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } finally {
    await runtime.removeTree(owner.folder);
  }
}
