import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { SERVE_FLAGS } from "../../src/engine/vllm/flags.ts";
import { isAtLeast, NEWEST_KNOWN } from "../../src/engine/vllm/profile.ts";
import { runCommand } from "../../src/machine/command.ts";

test("the table of flags says of the newest vLLM what that itself says", async () => {
  const { stdout } = await runCommand(join(inject("venv"), "bin", "vllm"), ["serve", "--help=all"]);
  const known = new Set(stdout.match(/--[a-z0-9-]+/g));
  const inTable = Object.entries(SERVE_FLAGS).filter(
    ([, { gone }]) => gone === undefined || !isAtLeast(NEWEST_KNOWN, gone),
  );
  const inHelp = Object.keys(SERVE_FLAGS).filter((flag) => known.has(flag));
  expect(inTable.map(([flag]) => flag)).toEqual(inHelp);
});
