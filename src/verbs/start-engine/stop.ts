import { glob } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stopLeftDriver } from "../../engine/left-driver.ts";
import { recordedEngines } from "../../engine/record.ts";
import { checkReleased } from "../../engine/released.ts";
import { engineHandle, isEngineLeft, stopEngine } from "../../engine/stop.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";

/** Stops whatever was started in a working folder and still runs. */
export async function stopRecorded(output: string, tools: Tools): Promise<Outcome> {
  const { report } = tools;
  let stopped = 0;
  const folders = await foldersWithProcesses(output);
  await Promise.all(folders.map(stopLeftDriver));
  for (const record of (await Promise.all(folders.map(recordedEngines))).flat()) {
    if (!(await isEngineLeft(record))) continue;
    report.info(`stopping the ${record.kind} engine, ${engineHandle(record)}`);
    await stopEngine(record);
    await checkReleased(record, tools);
    stopped += 1;
  }
  const text = stopped > 0 ? "the engine was stopped" : `no engine that was started in ${output} runs`;
  return { ok: true, outputs: {}, text };
}

/** The folder itself, and those in it that experiments keep one a combination, comparisons one a measurement. */
async function foldersWithProcesses(output: string): Promise<string[]> {
  const below = await Array.fromAsync(
    glob("{*,blocks/*/*}/{engine,engine.starting,driver}.json", { cwd: output }),
    (file) => dirname(file),
  );
  return [output, ...new Set(below.map((name) => join(output, name)))];
}
