import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createFixture } from "fs-fixture";
import { describe, expect, test, vi } from "vitest";
import { startHeld, stopGroup } from "../../src/machine/process.ts";
import { runningMembers } from "../../src/machine/process-table.ts";

describe("a held program", () => {
  test("begins when it is released, under the pid that was known before, with nothing to read", async () => {
    await using fixture = await createFixture();
    const file = fixture.getPath("pid");
    const { child, release } = startHeld("sh", ["-c", `cat; echo $$ "$1" > ${file}`, "sh", "two words"], {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(existsSync(file)).toBe(false);
    release();
    await once(child, "exit");
    expect(readFileSync(file, "utf8")).toBe(`${child.pid} two words\n`);
  });

  test("never begins when its starter is killed, and is gone", async () => {
    await using fixture = await createFixture();
    const file = fixture.getPath("file");
    const module = JSON.stringify(new URL("../../src/machine/process.ts", import.meta.url).href);
    const script = `import { startHeld } from ${module};
      const { child } = startHeld("touch", [${JSON.stringify(file)}], {});
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ["--input-type=module-typescript", "-e", script]);
    const [pid] = await once(createInterface(starter.stdout), "line");
    expect(runningMembers(Number(pid))).toHaveLength(1);
    starter.kill("SIGKILL");
    await vi.waitFor(() => expect(runningMembers(Number(pid))).toEqual([]), { timeout: 10_000 });
    expect(existsSync(file)).toBe(false);
  });

  test("that is stopped before its release leaves no trace, and releasing it then is harmless", async () => {
    const { child, release } = startHeld("sleep", ["60"], {});
    const ended = once(child, "exit");
    await stopGroup(child.pid!, 5);
    release();
    expect(await ended).toEqual([null, "SIGTERM"]);
  });

  test.each(["no-such-program", "/no/such/program"])("that is not there (%s) is an error as ever", async (program) => {
    const { child } = startHeld(program, [], {});
    await expect(once(child, "exit")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
