import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { readDatabase } from "../../../src/database/read/read.ts";
import { UserError } from "../../../src/errors.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import { pitwall } from "../../support/cli.ts";
import { runDocumented } from "../../support/documented.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/* Command lines that bring files of vLLM's tools into a history. */

const FIXTURES = join(PACKAGE_ROOT, "test/fixtures/imports");
const HOST = ["--host-label", "h"];

/** In this process; what is said comes in order, an error of the user's last. */
async function run(words: string[]) {
  const tools = recordingTools();
  try {
    const { text = "" } = await runDocumented(["npx pitwall import", ...words].join(" "), tools);
    return { ok: true, text, said: tools.said.join("\n") };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ok: false, text: "", said: [...tools.said, error.message].join("\n") };
  }
}

async function imported(names: string[], options: string[]) {
  await using folder = await createFixture();
  mkdirSync(folder.getPath("history"));
  const files = names.map((name) => join(FIXTURES, name));
  const to = ["--no-dry-run", "--database", `folder:${folder.getPath("history")}`];
  const { ok, said } = await run([...files, ...HOST, ...options, ...to]);
  expect([ok, said]).toEqual([true, said]);
  const { runs } = await readDatabase(folder.getPath("history"));
  return { runs, cells: runs.map(({ cells }) => cells[0]!), said };
}

const ZONE = ["--time-zone", "Z"];
const AT = ["--timestamp", "2026-08-01T12:00:00Z"];

describe("different loads and prompts are different cells", () => {
  test("in results that say them", async () => {
    const { cells } = await imported(["workload/ramp.json", "workload/burst1.json"], ZONE);
    expect(cells).toMatchObject([
      { id: "serve-benchmark/ramp_2_50", params: { rampFrom: 2, rampTo: 50, rampStrategy: "linear", burstiness: 1 } },
      { id: "serve-benchmark/rate_4", params: { requestRate: 4, burstiness: 1 } },
    ]);
  });

  test("in PyTorch's format, whose arguments hold the defaults of every dataset", async () => {
    const { cells } = await imported(["random.pytorch.json", "sharegpt.pytorch.json"], AT);
    const byId = cells.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId).toMatchObject([
      { id: "serve-benchmark/in_1024_out_128_rate_4", status: "ok", params: { inputLen: 1024, outputLen: 128 } },
      { id: "serve-benchmark/sharegpt_sg.json_rate_4", params: { dataset: "sharegpt", datasetFile: "sg.json" } },
    ]);
    expect(byId[1]!.params).not.toHaveProperty("inputLen");
  });
});

test("records in PyTorch's format of failed requests are a failed cell", async () => {
  const { cells } = await imported(["failedreq.pytorch.json"], AT);
  const counts = { completed: 150, failed: 50 };
  expect(cells).toMatchObject([
    { status: "failed", reason: "incomplete_requests", detail: "50 of 200 requests failed", ...counts },
  ]);
});

test("times below 0 are refused, and nothing is published", async () => {
  await using folder = await createFixture({ "history/.keep": "" });
  const args = [
    "import",
    join(FIXTURES, "negtpot.json"),
    ...HOST,
    ...ZONE,
    "--no-dry-run",
    "--database",
    "history.git",
  ];
  const { exitCode, stderr } = await pitwall(args, folder.path);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("negtpot.json: mean_tpot_ms is -3, and nothing takes less than 0");
  expect(existsSync(folder.getPath("history.git"))).toBe(false);
});

describe("the folder of a sweep", () => {
  const SWEEP = "vllm-0.33.0-bench-sweep";
  const name = (seqs: number) => `SERVE--max-num-seqs=${seqs}-BENCH--max_concurrency=2-num_prompts=6`;

  test("gives a run for each result, and says what is missing", async () => {
    const { runs, cells, said } = await imported([SWEEP], ZONE);
    const told = (seqs: number) => `--max-num-seqs ${seqs}`;
    expect(runs.map(({ configuration }) => configuration)).toEqual([told(8), told(8), told(16)]);
    expect(runs.map(({ startedAt }) => startedAt.slice(11, 19))).toEqual(["10:52:35", "10:55:28", "10:56:40"]);
    expect(new Set(cells.map(({ id }) => id))).toEqual(new Set(["serve-benchmark/concurrency_2_prompts_6_chat"]));
    expect(cells[0]).toMatchObject({ params: { concurrency: 2, numPrompts: 6, endpoint: "chat" } });
    expect(runs[0]!.source!.file).toBe(`${name(8)}/run=0.json`);
    expect(said).toContain(`${name(16)} has no run=1.json, which other combinations have`);
  });

  async function sweep(files: { [path: string]: object | string }) {
    await using folder = await createFixture();
    for (const [path, content] of Object.entries(files)) {
      const file = folder.getPath(`sweep/${path}`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    }
    return await run([folder.getPath("sweep"), ...HOST, ...ZONE]);
  }

  const result = (added: object) => ({
    ...JSON.parse(readFileSync(join(FIXTURES, "workload/burst1.json"), "utf8")),
    ...added,
  });

  test("that holds several experiments gives all of them", async () => {
    const { text, said } = await sweep({
      "20260801_10/BENCH--random_input_len=512/run=0.json": result({ run_number: 0, random_input_len: 512 }),
      "20260801_11/BENCH--exp1/run=0.json": result({ run_number: 0, _benchmark_name: "exp1", temperature: 0 }),
      "20260801_11/BENCH--exp1/summary.json": [],
      "20260801_11/summary.csv": "a,b",
    });
    expect(text).toContain("would import 2 run documents");
    expect(said).not.toContain("warning");
  });

  test("names runs and servers that failed, combinations without a result and results cut short", async () => {
    const failure = { error_type: "CalledProcessError", error: "exit status 1" };
    const { text, said } = await sweep({
      "e/SERVE--a=1-BENCH--x=1/run=0.json": result({ run_number: 0, a: 1 }),
      "e/SERVE--a=1-BENCH--x=2/run=0.json": result({ run_number: 0, a: 1, seed: 2 }),
      "e/SERVE--a=2-BENCH--x=1/run=0.json": result({}),
      "e/SERVE--a=2-BENCH--x=1/run=1.failure.json": { run_number: 1, ...failure },
      "e/SERVE--a=3-failure.json": failure,
    });
    expect(text).toContain("would import 2 run documents");
    for (const gap of [
      "SERVE--a=2-BENCH--x=1/run=1.failure.json: it failed with CalledProcessError: exit status 1",
      "SERVE--a=3-failure.json: it failed with CalledProcessError: exit status 1",
      "SERVE--a=2-BENCH--x=1/run=0.json: it is left out, for the sweep was stopped before it wrote its settings there",
      "no result of SERVE--a=2 with BENCH--x=2",
      "SERVE--a=1-BENCH--x=2 has no run=1.json, which other combinations have",
    ]) {
      expect(said).toContain(gap);
    }
  });

  test("of workload levels, and of the search for an objective before them, is read level by level", async () => {
    const { text, said } = await sweep({
      "a/SERVE--a=1-WL--request_rate=4/run=0.json": result({ run_number: 0, a: 1 }),
      "a/SERVE--a=2-WL--request_rate=5/run=0.json": result({ run_number: 0, a: 2, request_rate: 5 }),
      "b/BENCH--seed=1/request_rate=4/run=0.json": result({ run_number: 0, seed: 1 }),
      "b/BENCH--seed=1/SLA--p99_e2el_ms<=500.json": [],
    });
    expect(text).toContain("would import 3 run documents");
    expect(said).not.toContain("warning");
  });

  test("without one whole result is refused", async () => {
    const { ok, said } = await sweep({ "e/BENCH--seed=1/run=0.json": result({}) });
    expect(ok).toBe(false);
    expect(said).toMatch(/holds no whole result of a sweep: .*BENCH--seed=1\/run=0\.json: it is left out/);
  });

  test("is no other folder", async () => {
    const { ok, said } = await sweep({ "r.json": result({}) });
    expect(ok).toBe(false);
    expect(said).toContain("sweep is a folder, and not one of `vllm bench sweep`");
  });
});
