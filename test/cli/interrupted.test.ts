import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { CLI, startPitwall } from "../support/cli.ts";
import { isolated } from "../support/git-repository.ts";
import { processesMarked } from "../support/seeded-kills.ts";

/** A server that takes a request and never answers. */
async function silentServer() {
  const server = createServer((socket) => socket.on("error", () => socket.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

test.each(["verify", "compact", "history"])(
  "%s ends on Ctrl-C while git waits for a server, and git with it",
  async (verb) => {
    await using fixture = await createFixture({ tmp: {} });
    const tmp = fixture.getPath("tmp");
    await using server = await silentServer();
    const asked = once(server, "connection");
    const { port } = server.address() as { port: number };
    const args = [verb, "--database", `http://127.0.0.1:${port}/llm.git`];
    const { child, ended } = startPitwall(args, fixture.path, { ...isolated, TMPDIR: tmp });
    const [socket] = await asked;
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining("error: ended by SIGINT\n"),
    });
    expect(await fixture.readdir("tmp")).toEqual([]);
    while (processesMarked(`TMPDIR=${tmp}`).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
  },
);

/** Whether a process has read as many bytes. */
const hasRead = (pid: number, bytes: number) =>
  Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))![1]) >= bytes;

const TRACE = '{"timestamp":0,"input_length":1,"output_length":1}\n'.repeat(1_000_000);
const LIST = `{"schema":"pitwall.run/1","cells":[${"{},".repeat(10_000_000)}{}]}`;

test.each([
  ["validate", LIST, (file: string) => ["validate", file]],
  ["import", TRACE, (file: string) => ["import", file, "--format", "pytorch"]],
  ["serve-benchmark", TRACE, (file: string) => ["serve-benchmark", "--dataset", `trace:${file}`]],
])("%s ends on Ctrl-C in the middle of a large file", async (_verb, large, argsFor) => {
  await using fixture = await createFixture({ "large.json": large });
  const { child, ended } = startPitwall(argsFor(fixture.getPath("large.json")), fixture.path);
  while (!hasRead(child.pid!, large.length)) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGINT");
  await ended;
  expect(child.signalCode).toBe("SIGINT");
});

test("export ends on Ctrl-C while nobody takes what it prints", async () => {
  const args = [CLI, "export", "--database", `folder:${join(PACKAGE_ROOT, "fake_db")}`, "--format", "jsonl"];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...isolated },
  });
  const ended = once(child, "exit");
  await once(child.stdout, "readable");
  child.kill("SIGINT");
  expect(await ended).toEqual([null, "SIGINT"]);
});
