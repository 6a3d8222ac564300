import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { createFixture } from "fs-fixture";
import { signalGroup, startProcess } from "../../src/machine/process.ts";
import { git, installHook, isolated } from "./git-repository.ts";

const RUN_WRITER = join(import.meta.dirname, "run-writer.ts");
const env = { ...process.env, ...isolated };

/** A bare repository whose every push waits a while before it may change the branch, and room for its writers' own files. */
export async function slowRepository(hook = "sleep 0.05") {
  const fixture = await createFixture({ tmp: {} });
  const repository = fixture.getPath("llm.git");
  git(fixture.path, "init", "--quiet", "--bare", repository);
  installHook(repository, "pre-receive", hook);
  return { fixture, repository, tmp: fixture.getPath("tmp"), [Symbol.asyncDispose]: () => fixture.rm() };
}

export interface Writer {
  repository: string;
  token?: string;
  /** Where it works. */
  cwd?: string;
  /** For its temporary files. */
  tmp: string;
  /** Ends it by SIGKILL some time after it has said this many times that a document is there. */
  killAfter?: number;
  /** Whom the SIGKILL ends: the writer, whose git goes on for a moment, or its whole process group. */
  kills?: "writer" | "group";
}

/**
 * A process that publishes documents of its own, one after the other.
 * @param index tells its documents from those of the others
 * @returns the ids of which it said that they are there
 */
async function write(index: number, documents: number, writer: Writer): Promise<string[]> {
  const { repository, token = "", cwd, tmp, killAfter, kills = "writer" } = writer;
  const args = [RUN_WRITER, repository, String(index * 100), String(documents), token];
  const child = startProcess(process.execPath, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env, TMPDIR: tmp, NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    told.push(line);
    if (told.length !== killAfter) continue;
    await setTimeout(Math.random() * 60);
    if (kills === "group") signalGroup(child.pid!, "SIGKILL");
    else child.kill("SIGKILL");
  }
  const [code, signal] = await exited;
  const ending = signal ?? code;
  if (ending !== (killAfter === undefined ? 0 : "SIGKILL")) throw new Error(`a writer ended with ${ending}`);
  // What git was doing for a writer that was killed comes to its end before anybody looks at the branch.
  while (signalGroup(child.pid!, 0)) await setTimeout(20);
  return told;
}

/** Writers at once. @returns the ids of which one of them said that they are there */
export async function race(documents: number, writers: readonly Writer[]): Promise<string[]> {
  const told = await Promise.all(writers.map((writer, index) => write(index, documents, writer)));
  return told.flat();
}
