import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stopGroup } from "../../src/machine/process.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { BenchCell } from "./cells.ts";
import { startGroup } from "./groups.ts";
import { pinned } from "./pinning.ts";
import { parseTruth, type TrueRequest } from "./truth.ts";

export const MODEL = "sim/tiny";
const CORE = 0;

interface TimedEngine extends AsyncDisposable {
  url: string;
  pid: number;
  /** Stops it. @returns what it knows of all requests */
  stop(): Promise<TrueRequest[]>;
}

/** A simulated engine that answers on the timetable of a cell and logs the truth. */
export async function startTimedEngine(cell: BenchCell, truthFile: string): Promise<TimedEngine> {
  const paced = ["--fixed-ttft", cell.ttftMs, "--fixed-itl", cell.itlMs, ...(cell.staggered ? ["--stagger"] : [])];
  const serving = ["--port", 0, "--model", MODEL, "--max-num-seqs", 4096, "--truth", truthFile];
  const node = [process.execPath, join(PACKAGE_ROOT, "dist", "simulator.mjs"), ...serving, ...paced].map(String);
  const child = startGroup(cell.pinned ? pinned(CORE, node) : node, { stdio: ["ignore", "pipe", "inherit"] });
  const pid = child.pid!;
  const closed = once(child, "close");
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout!.on("data", (chunk) => {
      said += chunk;
      const found = /http:\/\/\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.on("close", (code) => reject(new Error(`the simulated engine ended with ${code} before it listened`)));
  });
  return {
    url,
    pid,
    async stop() {
      await stopGroup(pid, 10);
      await closed;
      return parseTruth(readFileSync(truthFile, "utf8"));
    },
    [Symbol.asyncDispose]: () => stopGroup(pid, 10),
  };
}
