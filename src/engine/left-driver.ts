import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { z } from "zod";
import { readJson, writeJson } from "../files.ts";
import { processRow } from "../machine/process-table.ts";
import { driverFile } from "../working-folder/names.ts";
import { stopEngine } from "./stop.ts";

const Driver = z.strictObject({ pid: z.int().positive(), processStart: z.string().nullable(), logFile: z.string() });

/**
 * Notes what drives an engine while it runs, the sweep's driver or vLLM's own client: it is a process group of its own, and
 * outlives a killed pitwall.
 */
export async function recordDriver(output: string, pid: number | undefined, logFile: string): Promise<void> {
  if (pid === undefined) return;
  await writeJson(driverFile(output), { pid, processStart: processRow(pid)?.startTicks ?? null, logFile });
}

export const forgetDriver = (output: string) => rm(driverFile(output), { force: true });

/** Stops the driver that a killed pitwall left in this working folder, if there is one. */
export async function stopLeftDriver(output: string): Promise<void> {
  if (!existsSync(driverFile(output))) return;
  await stopEngine(await readJson(driverFile(output), Driver));
  await forgetDriver(output);
}
