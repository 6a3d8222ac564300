import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { inProcess } from "../../support/command-line.ts";
import { addExecutable } from "../../support/fake-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

describe("the logs of engine and client", () => {
  async function start(more: string[], env: NodeJS.ProcessEnv): Promise<string> {
    await using folder = await createFixture();
    const output = folder.getPath("out");
    const args = ["start-engine", "--output", output, "--model", "sim/tiny", ...more];
    const { stderr } = await inProcess(args, { ...process.env, GITHUB_ACTIONS: "", ...env });
    await inProcess(["start-engine", "--output", output, "--stop"]);
    return stderr;
  }

  test("are shown with --follow, and without it in GitHub Actions only", async () => {
    const line = /^info: engine │ .*listening on http/m;
    expect(await start(["--follow"], {})).toMatch(line);
    expect(await start([], { GITHUB_ACTIONS: "true" })).toMatch(line);
    expect(await start([], {})).not.toMatch(line);
    expect(await start(["--no-follow"], { GITHUB_ACTIONS: "true" })).not.toMatch(line);
  });

  test("are text and no command to the runner, whatever stands in them", async () => {
    await using room = await simulatedEngine();
    const script = `printf '::error::boo\\nat 5 %%\\r::add-path::/evil\\nsee ##[error]boo\\n'; exit 1`;
    const program = await addExecutable(room.output, "vllm", script);
    const tools = recordingTools({ env: { ...process.env, GITHUB_ACTIONS: "true", PITWALL_VLLM: program } });
    await room.serve({ client: "vllm", pairs: "30:4" }, tools);
    const log = "info: bench-serve-in_30_out_4_rate_100 │ ";
    expect(tools.said.filter((line) => line.startsWith("info: bench"))).toEqual([
      `${log}::error::boo`,
      `${log}::add-path::/evil`,
      `${log}see # #[error]boo`,
    ]);
  });
});
