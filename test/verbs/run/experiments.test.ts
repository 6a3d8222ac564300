import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { readDatabase } from "../../../src/database/read/read.ts";
import { freePort } from "../../../src/engine/launch/port.ts";
import { readJson } from "../../../src/files.ts";
import { processRow } from "../../../src/machine/process-table.ts";
import { type ExperimentEnd, ExperimentsManifest } from "../../../src/result/document/experiment.ts";
import { release } from "../../support/built-release.ts";
import { pitwall, startPitwall } from "../../support/cli.ts";
import { V1_EXPERIMENTS } from "../../support/experiment-axes.ts";
import { addExecutable } from "../../support/fake-engine.ts";

const FAKE_VLLM = join(import.meta.dirname, "..", "..", "support", "fake-vllm.ts");
const NODE = `exec "${process.execPath}"`;

const AXES = `experiments:${V1_EXPERIMENTS.replaceAll("\n", "\n  ")}\n`;
/** Without git, of which each combination would start some forty processes. */
const HISTORY = "history";

const TINY = `
batch-sizes: [1]
input-len: 16
output-len: 2
warmup: 0
iterations: 1
pairs: ["16:2"]
request-rate: inf
num-prompts: 2
warmup-requests: 0
client-limits: off
database: folder:${HISTORY}
telemetry: false
poll-interval: 0.05
`;

/** A shell's `case` over model and arguments: five combinations fail, each in its own way; the others serve. */
const VLLM = `
serve=$1; model=$2; shift 2
say() { echo "$1" >&2; exit 1; }
case "$model $*" in
  "org/large "*"size 1") say "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.96 GiB.";;
  "org/large "*"size 1 --quantization fp8 --enforce-eager")
    say "ValueError: The quantization method fp8 is not supported for the current GPU. Minimum capability: 89. Current capability: 75.";;
  "org/middle "*"size 4 --enforce-eager") say "vllm: error: unrecognized arguments: --swap-spaces 4";;
  "org/small "*"size 4") kill -9 $$;;
  "slow "*) exec sleep 60;;
  "once "*"seqs 2") mkdir "$0.died" 2>&- && ${NODE} "${FAKE_VLLM}" $serve $model --host $2 --port $4 --fake-kill
    ${NODE} "${release.bundle("simulator")}" --host $2 --port $4 --model $model --preset tiny;;
  "org/middle "*"size 1") ${NODE} "${FAKE_VLLM}" $serve $model --host $2 --port $4 --fake-kill;;
  *) ${NODE} "${release.bundle("simulator")}" --host $2 --port $4 --model $model --preset tiny;;
esac`;

async function experimentRoom(config: string) {
  const folder = await createFixture({ "pitwall.yml": config, "bin/.keep": "" });
  await mkdir(folder.getPath(HISTORY));
  const vllm = await addExecutable(folder.getPath("bin"), "vllm", VLLM);
  const port = await freePort("127.0.0.1", 0);
  const engine = ["--engine", "vllm", "--mode", "server", "--port", String(port), "--skip-site"];
  return {
    path: (name: string) => folder.getPath(name),
    run: (...args: string[]) => pitwall(["run", ...args], folder.path),
    measure: (...args: string[]) => pitwall(["run", ...engine, ...args], folder.path, { PITWALL_VLLM: vllm }),
    start: (...args: string[]) =>
      startPitwall(["run", ...engine, ...args], folder.path, { PITWALL_VLLM: vllm, PATH: process.env.PATH }),
    stop: () => pitwall(["start-engine", "--stop"], folder.path),
    ends: async () =>
      (await readJson(folder.getPath(".pitwall/out/experiments.json"), ExperimentsManifest)).experiments,
    runs: async (database: string) => (await readDatabase(folder.getPath(database))).runs,
    [Symbol.asyncDispose]: () => folder.rm(),
  };
}
const runs = (pid: number) => processRow(pid)?.ended === false;
const namesOf = (ends: ExperimentEnd[], status: string) =>
  ends.filter((end) => end.status === status).map(({ name }) => name);

describe("pitwall run --plan", () => {
  test("lists what would run and how long it may take, and does nothing", async () => {
    await using room = await experimentRoom(AXES);
    const { exitCode, stdout } = await room.run("--plan");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("org-large_tp4_quant-fp8_eager-on");
    expect(stdout).toContain("no, known bad: CUDA graphs fail with fp8");
    expect(stdout).toMatch(/27 of 36 combinations run, .* cells each: about .* in all/);
    expect(existsSync(room.path(".pitwall"))).toBe(false);
  });

  test("with --json gives the list and a matrix for a workflow; a part of it is a part of both", async () => {
    await using room = await experimentRoom(AXES);
    const { combinations, matrix } = JSON.parse((await room.run("--plan", "--json")).stdout);
    expect(JSON.parse(combinations)).toHaveLength(36);
    expect(JSON.parse(matrix).include[1]).toEqual({ name: "org-small_tp1_quant-off_eager-off", shard: "2/27" });
    const many = await room.run("--plan", "--axis", `max-num-seqs=${Array.from({ length: 10 }, (_, at) => at + 1)}`);
    expect(many.stdout).toContain("A matrix of GitHub starts 256 jobs: its 256 parts are those of --shard I/256");
    const part = JSON.parse((await room.run("--plan", "--json", "--shard", "2/27")).stdout);
    expect(JSON.parse(part.combinations)[0].name).toBe("org-small_tp1_quant-off_eager-off");
    expect(JSON.parse(part.matrix).include).toHaveLength(1);
  });

  test.each([
    ["the file", AXES, 36, 9],
    ["no file", "", 6, 0],
  ])("--axis over %s gives an axis its values; rules stay", async (_, config, count, knownBad) => {
    await using room = await experimentRoom(config);
    const axes = ["--axis", "quantization=fp8, none", "--axis", "model=a/b,c,a/b,d"];
    const { combinations } = JSON.parse((await room.run("--plan", "--json", ...axes)).stdout);
    const list = JSON.parse(combinations) as { model: string; knownBad?: string }[];
    expect(new Set(list.map(({ model }) => model))).toEqual(new Set(["a/b", "c", "d"]));
    expect(list).toHaveLength(count);
    expect(list.filter((one) => one.knownBad !== undefined)).toHaveLength(knownBad);
  });

  test.each([
    ["", ["--plan"], "--plan goes with experiments"],
    [AXES, ["--shard", "3/2"], "--shard: must be a part of a whole"],
    [AXES, ["--engine", "remote"], "--engine remote starts none"],
    [AXES, ["--engine-args", "-tp 2"], "holds --tensor-parallel-size, which is an axis"],
    ["experiments: { axes: { port: [1, 2] } }", ["--plan"], "must not hold --port"],
    ["experiments: { axis: { model: a } }", [], "axis: is no known name; did you mean “axes”?"],
    [
      "experiments: { axes: { model: [] } }",
      [],
      "experiments in pitwall.yml: axes.model: must name at least one value",
    ],
    [
      "experiments: { axes: { model: { a: 1 } } }",
      [],
      "experiments in pitwall.yml: axes.model: must be a value or a list of values, each a word, a number, on or off",
    ],
    ["experiments: { axes: { a: b }, exclude: [{ c: d }] }", [], "unknown axis “c”; did you mean “a”?"],
    ["", ["--experiments", "{"], "is not valid YAML"],
    ["", ["--axis", "fp8"], "--axis: must be an axis and its values"],
  ])("wrong use is refused before anything is touched: %j %j", async (config, args, words) => {
    await using room = await experimentRoom(config);
    const { exitCode, stderr } = await room.run(...args);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
    expect(existsSync(room.path(".pitwall"))).toBe(false);
  });
});

describe("pitwall run with experiments", () => {
  test("of 27 combinations 5 fail in ways of their own: 22 are measured, 9 never start, exit code 1", async () => {
    await using room = await experimentRoom(AXES + TINY);
    const { exitCode, stdout, stderr } = await room.measure();
    expect(exitCode).toBe(1);
    const ends = await room.ends();
    expect(namesOf(ends, "ok")).toHaveLength(22);
    expect(namesOf(ends, "skipped")).toHaveLength(9);
    const failed = ends.filter(({ status }) => status === "failed");
    expect(Object.fromEntries(failed.map(({ name, reason, detail }) => [name, `${reason}: ${detail}`]))).toEqual({
      "org-small_tp4_quant-off_eager-off": expect.stringMatching(/^engine_crashed: .*SIGKILL/),
      "org-middle_tp1_quant-off_eager-off": expect.stringMatching(/^engine_crashed: .*without an error/),
      "org-middle_tp4_quant-off_eager-on": expect.stringMatching(/^engine_crashed: .*--swap-spaces 4/),
      "org-large_tp1_quant-off_eager-off": expect.stringMatching(/^out_of_memory: /),
      "org-large_tp1_quant-fp8_eager-on": expect.stringMatching(/^environment: .*compute capability 8.9/),
    });
    expect(stderr).toContain("known not to work: CUDA graphs fail with fp8");
    expect(stdout).toContain("27 combinations: 22 ok, 5 failed, 0 cancelled; 9 left out by rule");
    const summary = await readFile(room.path(".pitwall/out/summary.md"), "utf8");
    expect(summary).toContain("Best of org/middle");
    expect(summary).toMatch(/\| org-large_tp1_quant-off_eager-off \| failed \| out_of_memory \|/);
    expect(existsSync(room.path(".pitwall/out/org-small_tp1_quant-fp8_eager-off"))).toBe(false);
    const [header, ...lines] = (await readFile(room.path(".pitwall/out/experiments.csv"), "utf8")).trim().split("\n");
    expect(header).toMatch(
      /^combination,model,tensor-parallel-size,quantization,enforce-eager,status,validated,reason,/,
    );
    expect(lines.filter((line) => /,ok,true,,\d/.test(line))).toHaveLength(2 * 22);
    expect(lines.filter((line) => /,skipped,false,known_bad,0,,,/.test(line))).toHaveLength(9);

    const runs = await room.runs(HISTORY);
    // The one that this machine's GPU cannot run says nothing of an engine.
    expect(new Set(runs.map(({ id }) => id)).size).toBe(26);
    expect(ends.filter(({ published }) => published === false).map(({ name }) => name)).toEqual([
      "org-large_tp1_quant-fp8_eager-on",
    ]);
    expect(runs.filter(({ configuration }) => configuration === "--enforce-eager")).toHaveLength(17);
  }, 180_000);

  const TWO = "experiments: { axes: { max-num-seqs: [1, 2] } }";

  test("--resume does again only what is not whole: a failed cell, no document, or other inputs", async () => {
    await using room = await experimentRoom(TWO + TINY);
    const measure = (...args: string[]) => room.measure("--model", "once", ...args);
    expect((await measure()).exitCode).toBe(1);
    const first = await room.ends();
    expect(first.map(({ status, reason }) => reason ?? status)).toEqual(["ok", "engine_crashed"]);

    const again = await measure("--resume");
    expect(again.exitCode).toBe(0);
    expect(again.stderr.match(/^.* was measured before: kept$/gm)).toEqual([
      "max-num-seqs-1 was measured before: kept",
    ]);
    const second = await room.ends();
    expect(second).toEqual([first[0], expect.objectContaining({ status: "ok" })]);
    expect((await room.runs(HISTORY)).map(({ id }) => id)).toEqual([...first, second[1]!].map(({ runId }) => runId));

    const plan = async (...args: string[]) => (await measure("--plan", ...args)).stdout;
    expect(await plan()).toMatch(
      /2 of 2 combinations run, 2 cells each: about \d+ s in all, as long as they took before/,
    );
    expect(await plan("--axis", "max-num-seqs=1,3")).toContain("1 as long as they took before, each of the others");
    expect(await plan("--num-prompts", "3")).toContain("a rough guess");

    await rm(room.path(".pitwall/out/max-num-seqs-2/run.json"));
    await measure("--resume");
    const [kept, redone] = await room.ends();
    expect(kept).toEqual(first[0]);
    expect(redone!.runId).not.toBe(second[1]!.runId);

    await measure("--resume", "--num-prompts", "3");
    expect((await room.ends())[0]!.runId).not.toBe(kept!.runId);
  });

  test("a second run in the folder is refused; Ctrl-C keeps what was measured, writes the summary and starts nothing more", async () => {
    await using room = await experimentRoom(`experiments: { axes: { model: [org/small, slow, org/large] } }${TINY}`);
    const { child, ended } = room.start();
    await expect
      .poll(() => existsSync(room.path(".pitwall/out/slow/engine.starting.json")), { timeout: 30_000 })
      .toBe(true);
    const second = await room.measure();
    expect(second.stderr).toContain(`another run (pid ${child.pid}) is at work in .pitwall/out: wait for its end`);
    expect(second.exitCode).toBe(2);
    const half = await pitwall(["post-process", "--output", ".pitwall/out/slow"], room.path(""));
    expect(half.stderr).toContain(`another run (pid ${child.pid}) is at work in .pitwall/out/slow: wait for its end`);
    child.kill("SIGINT");
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(1);
    expect(stdout).toContain("3 combinations: 1 ok, 0 failed, 2 cancelled");
    expect((await room.ends()).map(({ status }) => status)).toEqual(["ok", "cancelled", "cancelled"]);
    expect(await readFile(room.path(".pitwall/out/summary.md"), "utf8")).toContain("| slow | cancelled |");
  });

  test("an engine that a killed run left behind is found in its folder, and stopped", async () => {
    await using room = await experimentRoom(`experiments: { axes: { model: [slow, org/small] } }${TINY}`);
    const { child, ended } = room.start();
    const record = room.path(".pitwall/out/slow/engine.starting.json");
    await expect.poll(() => existsSync(record), { timeout: 30_000 }).toBe(true);
    child.kill("SIGKILL");
    await ended;
    const { pid } = JSON.parse(await readFile(record, "utf8"));
    expect(runs(pid)).toBe(true);
    expect((await room.stop()).stdout).toContain("the engine was stopped");
    expect(runs(pid)).toBe(false);
  });
});

test("--preset sanity measures one tiny cell of each benchmark", async () => {
  await using room = await experimentRoom("");
  const { exitCode } = await room.run("--preset", "sanity", "--model", "sim/tiny", "--skip-site");
  expect(exitCode).toBe(0);
  expect((await room.runs(".pitwall/database.git#pitwall-data"))[0]!.cells.map(({ id }) => id)).toEqual([
    "latency-sweep/in_8_out_8_bs_1",
    "serve-benchmark/in_8_out_8_concurrency_2",
  ]);
});
