import { readFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { describe, expect, test, vi } from "vitest";
import { sourcedEnvironment } from "../../src/engine/launch/sourced-environment.ts";
import { runCommand } from "../../src/machine/command.ts";
import { processRow } from "../../src/machine/process-table.ts";

describe("a program that is asked something", () => {
  test("is stopped once it has printed more than is kept, with all that it started", async () => {
    await using fixture = await createFixture();
    const pidFile = fixture.getPath("pid");
    await fixture.writeFile("endless", `(yes >&2) & echo $! > ${pidFile}; trap '' TERM; exec yes`);
    const sourcing = sourcedEnvironment([fixture.getPath("endless")], { ...process.env, HOME: fixture.path });
    await expect(sourcing).rejects.toThrow(
      "--env-script is read by bash: bash printed more than 256 MiB, which is all that is kept of a program: it was stopped",
    );
    const asked = runCommand("sh", [fixture.getPath("endless")], { cwd: fixture.path });
    await expect(asked).rejects.toThrow("sh printed more than 256 MiB");
    const left = Number(readFileSync(pidFile, "utf8"));
    await vi.waitFor(() => expect(processRow(left)?.ended ?? true).toBe(true), { timeout: 10_000 });
  });

  test("says all that it says on both streams, and is told apart from one that is not there", async () => {
    const args = ["-c", "cat; printf ä >&2; exit 3"];
    const input = "ö".repeat(1_000_000);
    expect(await runCommand("sh", args, { input })).toEqual({ exitCode: 3, stdout: input, stderr: "ä" });
    expect(await runCommand("sh", args)).toEqual({ exitCode: 3, stdout: "", stderr: "ä" });
    await expect(runCommand("/no/such/program", [])).rejects.toThrow("/no/such/program could not be started");
  });

  test("is not waited for on account of what it leaves in the background with its pipes", async () => {
    const { stdout } = await runCommand("sh", ["-c", "sleep 1000 & echo $!"]);
    process.kill(Number(stdout));
  });
});
