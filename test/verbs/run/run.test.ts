import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { readDatabase } from "../../../src/database/read/read.ts";
import { logsOf } from "../../../src/result/assemble/shared-log.ts";
import { Run } from "../../../src/result/document/run.ts";
import { pitwall, startPitwall } from "../../support/cli.ts";
import { inProcess } from "../../support/command-line.ts";

const SMALL = [
  ...["run", "--model", "sim/tiny", "--batch-sizes", "1,2", "--input-len", "16", "--output-len", "4", "--warmup", "1"],
  ...["--iterations", "2", "--pairs", "16:4,32:8", "--request-rate", "50", "--num-prompts", "10"],
];
const documentOf = async (folder: FsFixture) =>
  Run.parse(JSON.parse(await readFile(folder.getPath(".pitwall/out/run.json"), "utf8")));
const reasons = (run: Run) => run.cells.map((cell) => (cell.status === "ok" ? "ok" : cell.reason));
const enginePid = async (folder: FsFixture) =>
  JSON.parse(await readFile(folder.getPath(".pitwall/out/engine.json"), "utf8")).pid;

async function appears(path: string) {
  while (!existsSync(path)) await sleep(20);
}

describe("pitwall run with the simulated engine", () => {
  test("measures, stores and shows; a second run makes the history two runs long", async () => {
    await using folder = await createFixture({});
    const first = await pitwall(SMALL, folder.path);
    expect(first.stderr).not.toContain("error:");
    expect(first.exitCode).toBe(0);
    const run = await documentOf(folder);
    expect(reasons(run)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(run).toMatchObject({ outcome: "ok", simulated: true, engine: { kind: "simulated" } });
    expect(first.stdout).toContain("npm run preview");
    expect(first.stdout).toMatch(/Time .*engine start .* warm-up .* measuring .* overhead/);
    expect(existsSync(folder.getPath(".pitwall/site/index.html"))).toBe(true);
    expect(existsSync(folder.getPath(`.pitwall/site/runs/${run.id}/index.html`))).toBe(true);
    expect(existsSync(`/proc/${await enginePid(folder)}`)).toBe(false);

    await pitwall([...SMALL, "--skip-site"], folder.path);
    const { runs } = await readDatabase(`${folder.getPath(".pitwall/database.git")}#pitwall-data`);
    expect(runs.map(({ id }) => id)).toEqual([run.id, (await documentOf(folder)).id]);
  });

  test("--json prints the outputs and nothing else on stdout", async () => {
    await using folder = await createFixture({});
    const { stdout } = await pitwall([...SMALL, "--skip-site", "--json"], folder.path);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "ok",
      cellsOk: 4,
      cellsFailed: 0,
      published: true,
      sitePath: null,
    });
  });

  test("a crash of the engine in mid-run is a document with engine_crashed and the log, and exit code 1", async () => {
    await using folder = await createFixture({});
    const { exitCode } = await pitwall(
      [...SMALL, "--skip-site", "--engine-args", "--crash-after-requests 12"],
      folder.path,
    );
    const run = await documentOf(folder);
    expect(exitCode).toBe(1);
    expect(reasons(run)).toEqual(["ok", "ok", "engine_crashed", "engine_crashed"]);
    const logs = logsOf(run.cells);
    expect(logs.get(run.cells.at(-1)!.id)).toContain("Traceback");
  });

  test("an engine that never becomes healthy is a document with startup_timeout, and exit code 1", async () => {
    await using folder = await createFixture({});
    const { exitCode, stderr } = await pitwall(
      [...SMALL, "--skip-site", "--engine-args", "--never-healthy", "--start-timeout", "1"],
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/not healthy|healthy within/);
    expect(reasons(await documentOf(folder))).toEqual(Array(4).fill("startup_timeout"));
  });

  test("failed requests make their cells failed with counts and without metrics", async () => {
    await using folder = await createFixture({});
    const { exitCode } = await pitwall([...SMALL, "--skip-site", "--engine-args", "--fail-every 7"], folder.path);
    const run = await documentOf(folder);
    const serving = run.cells.filter((cell) => cell.benchmark === "serve-benchmark");
    expect(exitCode).toBe(1);
    for (const cell of serving) {
      expect(cell).toMatchObject({
        status: "failed",
        reason: "incomplete_requests",
        detail: expect.stringContaining("http_500"),
      });
      expect(cell).not.toHaveProperty("metrics");
    }
  });

  test("lengths beyond the engine's context are refused before anything is measured", async () => {
    await using folder = await createFixture({});
    const args = [...SMALL, "--skip-site", "--engine-args", "--max-model-len 18"];
    const { exitCode, stderr } = await inProcess(args, process.env, folder.path);
    expect(stderr).toMatch(/16 \+ .*4 = 20 tokens do not fit/);
    expect(exitCode).toBe(2);
    expect(existsSync(folder.getPath(".pitwall/out/engine.json"))).toBe(false);
  });

  test("lengths beyond a context that only the started engine tells are a document with the reason", async () => {
    await using folder = await createFixture({});
    const { exitCode } = await pitwall([...SMALL, "--skip-site", "--pairs", "4000:100"], folder.path);
    expect(exitCode).toBe(1);
    const run = await documentOf(folder);
    expect(reasons(run)).toEqual(["environment", "environment", "environment"]);
    expect(run.cells[0]).toMatchObject({ detail: expect.stringContaining("4000 + output 100 = 4100 tokens") });
  });

  test("Ctrl-C stops the engine, keeps what was measured and marks the document cancelled", async () => {
    await using folder = await createFixture({});
    const slow = ["--pairs", "16:4,32:8", "--request-rate", "1", "--num-prompts", "1000", "--skip-site"];
    const { child, ended } = startPitwall([...SMALL, ...slow], folder.path);
    await appears(folder.getPath(".pitwall/out/cells/latency-sweep/in_16_out_4_bs_2.json"));
    await sleep(500);
    const pid = await enginePid(folder);
    child.kill("SIGINT");
    const { exitCode, stderr } = await ended;
    const run = await documentOf(folder);
    expect(exitCode).toBe(1);
    expect(run.outcome).toBe("cancelled");
    expect(reasons(run)).toEqual(["ok", "ok", "cancelled", "cancelled"]);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(stderr).toContain("is kept in");
  });

  test("a history that cannot be written fails the run but keeps the document", async () => {
    await using folder = await createFixture({ "database.git": "a file, no folder" });
    const { exitCode, stderr } = await pitwall([...SMALL, "--skip-site", "--database", "database.git"], folder.path);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Nothing is lost");
    expect((await documentOf(folder)).outcome).toBe("ok");
  });

  test("wrong use leaves the results of the run before alone", async () => {
    await using folder = await createFixture({ ".pitwall/out/run.json": "kept", ".pitwall/out/cells/a.json": "kept" });
    const { exitCode } = await inProcess(["run", "--engine", "remote"], process.env, folder.path);
    expect(exitCode).toBe(2);
    expect(await readFile(folder.getPath(".pitwall/out/run.json"), "utf8")).toBe("kept");
    expect(existsSync(folder.getPath(".pitwall/out/cells/a.json"))).toBe(true);
  });

  test("Slack being down hides nothing of what a failed run has to say", async () => {
    await using folder = await createFixture({});
    const failing = [...SMALL, "--skip-site", "--engine-args", "--never-healthy", "--start-timeout", "1"];
    const env = { PITWALL_SLACK_WEBHOOK: "http://127.0.0.1:9/hook" };
    const { exitCode, stdout, stderr } = await pitwall(failing, folder.path, env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Slack did not take the message");
    expect(stdout).toMatch(/startup_timeout[\s\S]*Time /);
  });

  test("a run of a real engine that measured nothing does not shut the demo out of its history", async () => {
    await using folder = await createFixture({});
    const env = { ...process.env, PITWALL_VLLM: "/nowhere/vllm", PITWALL_PYTHON: "/nowhere/python3" };
    const missing = ["run", "--engine", "vllm", "--model", "m", "--mode", "server", "--port", "0", "--skip-site"];
    expect((await inProcess(missing, env, folder.path)).exitCode).toBe(1);
    expect((await pitwall([...SMALL, "--skip-site"], folder.path)).exitCode).toBe(0);
  });

  test("nothing half-written is left behind", async () => {
    await using folder = await createFixture({});
    await pitwall([...SMALL, "--skip-site"], folder.path);
    const files = readdirSync(folder.getPath(".pitwall"), { recursive: true }).map(String);
    expect(files.filter((file) => file.endsWith(".tmp"))).toEqual([]);
  });
});
