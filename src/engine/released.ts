import { warnOfGpuTenants } from "../machine/gpu/tenants.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";
import type { Tools } from "../tools.ts";
import { EngineError } from "./engine-error.ts";
import { freePort } from "./launch/port.ts";

/** After an engine of ours was stopped: warns when its port is still taken, or GPU memory still held. */
export async function checkReleased({ kind, baseUrl }: EngineRecord, tools: Tools): Promise<void> {
  if (kind === "remote" || kind === "kubernetes") return;
  if (baseUrl !== null) await warnOfPort(new URL(baseUrl), tools);
  if (kind !== "simulated") await warnOfGpuTenants("after the stop", tools);
}

async function warnOfPort({ hostname, port }: URL, { report }: Tools): Promise<void> {
  try {
    await freePort(hostname.replace(/^\[|\]$/g, ""), Number(port));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    report.warning(`the engine was stopped, but ${error.detail}`);
  }
}
