import { describe, expect, test } from "vitest";
import { askTool, runTool } from "../../../src/machine/gpu/tool-process.ts";

const env = { PATH: "/usr/bin:/bin" };
const never = new AbortController().signal;
const ask = (script: string, limitMs = 20_000, signal = never) =>
  askTool({ program: "/bin/sh", args: ["-c", script], env, signal }, limitMs);

describe("a question to a tool", () => {
  test("gives what it printed, with a last line that has no end", async () => {
    const answer = await ask("echo one; printf two; echo oops >&2; exit 3");
    expect(answer).toMatchObject({ exitCode: 3, stdout: "one\ntwo" });
    expect(answer!.words).toContain("oops");
  });

  test("is given up when it takes too long or the run is cancelled", async () => {
    expect(await ask("sleep 600", 100)).toBeUndefined();
    expect(await ask("sleep 600", 20_000, AbortSignal.timeout(100))).toBeUndefined();
    expect(await ask("echo one", 20_000, AbortSignal.abort())).toBeUndefined();
  });

  test("is answered by the system when there is no such program, or it cannot be started at all", async () => {
    for (const [program, args] of [
      ["/no/such/tool", []],
      ["/bin/sh", ["-c", "\0"]],
    ] as const) {
      const answer = await askTool({ program, args, env, signal: never }, 20_000);
      expect(answer).toMatchObject({ exitCode: null, stdout: "", words: expect.stringMatching(/ENOENT|null bytes/) });
    }
  });
});

test("a tool that chatters for ever is remembered by its first words", async () => {
  let lines = 0;
  const enough = Promise.withResolvers<void>();
  const onLine = () => ++lines > 1000 && enough.resolve();
  const run = runTool({ program: "/bin/sh", args: ["-c", "echo first; exec yes more"], env, onLine });
  await enough.promise;
  await run.stop();
  await run.stop();
  const { words } = await run.ended;
  expect(words).toMatch(/^first\nmore\n/);
  expect(words.length).toBeLessThanOrEqual(500);
});
