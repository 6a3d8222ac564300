import { networkInterfaces } from "node:os";
import { gpuInventory } from "../../machine/gpu/inventory.ts";
import { hostFacts } from "../../machine/host-facts.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer } from "../schema/number-fields.ts";

export const hostInputs = inGroup("Machine and commit", {
  hostLabel: text("Name of the machine in the history (default: the runner's or the host's name).", "NAME").optional(),
  gpu: text(
    "GPU of the engine's machine, as its driver names it, where no tool of this machine can tell: behind a URL, in a container.",
    "NAME",
  ).optional(),
  gpuCount: integer("Number of those (default: 1).").optional(),
});

interface Given {
  hostLabel?: string | undefined;
  gpu?: string | undefined;
  gpuCount?: number | undefined;
}

/** The machine that a run is filed under. Its GPU is what was given, else what tools find; behind another machine's URL nobody knows. */
export async function hostOfRun(
  engine: Pick<EngineRecord, "kind" | "baseUrl" | "cluster">,
  { hostLabel, gpu, gpuCount = 1 }: Given,
  { env, signal }: Pick<Tools, "env" | "signal">,
): Promise<Run["host"]> {
  const own = await hostFacts(hostLabel, env);
  if (gpu !== undefined) return { ...own, gpu, gpuCount };
  if (engine.kind === "kubernetes") return { ...own, ...NOBODY_KNOWS, ...gpuOfCluster(engine) };
  const isHere = engine.kind !== "remote" || (engine.baseUrl !== null && isOfThisMachine(new URL(engine.baseUrl)));
  if (!isHere) return { ...own, ...NOBODY_KNOWS };
  const host = { ...own, ...(await gpuInventory(env, signal)) };
  // Loopback may lead elsewhere (a tunnel, a container's port): that this machine has no GPU says nothing of it.
  return engine.kind === "remote" && host.gpu === null ? { ...host, gpuCount: null } : host;
}

const NOBODY_KNOWS = { gpu: null, gpuCount: null, driver: null, cuda: null };

/** As its pods and their nodes tell. */
function gpuOfCluster({ cluster }: Pick<EngineRecord, "cluster">) {
  const { gpu = null, gpuCount = null, driver = null } = cluster ?? {};
  return { gpu, gpuCount, driver };
}

function isOfThisMachine({ hostname }: URL): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (address === "localhost" || address === "::1" || address.startsWith("127.")) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
}
