import { once } from "node:events";
import { signalGroup, startProcess, stopGroup } from "../../src/machine/process.ts";
import { COMPILE_CACHE, release } from "./built-release.ts";

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** A simulated engine as a process of its own, stopped when it goes out of scope. */
export interface RunningSimulator extends AsyncDisposable {
  url: string;
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** Runs it to its end. */
export function runSimulator(...args: string[]): Promise<Ended> {
  return spawnSimulator(args).ended;
}

/** @throws when it ends before it listens, with what it said */
export async function startSimulator(...args: string[]): Promise<RunningSimulator> {
  const { leader, ended, listening } = spawnSimulator(["--port", "0", "--model", "sim/tiny", ...args]);
  const early = ended.then(({ exitCode, stderr }) => {
    throw new Error(`the simulated engine ended with exit code ${exitCode}: ${stderr}`);
  });
  early.catch(() => {});
  return {
    url: await Promise.race([listening, early]),
    signal: (name) => void signalGroup(leader, name),
    ended,
    [Symbol.asyncDispose]: () => stopGroup(leader, 5),
  };
}

function spawnSimulator(args: string[]) {
  const child = startProcess(process.execPath, [release.bundle("simulator"), ...args], {
    env: { ...process.env, ...COMPILE_CACHE },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  const listening = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      said.stdout += chunk;
      const url = /listening on (\S+)\n/.exec(said.stdout)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  child.stderr?.on("data", (chunk) => {
    said.stderr += chunk;
  });
  const ended = once(child, "close").then(([exitCode]): Ended => ({ exitCode, ...said }));
  return { leader: child.pid as number, listening, ended };
}
