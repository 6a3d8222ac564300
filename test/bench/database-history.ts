import { serializeMarker } from "../../src/database/document/database-marker.ts";
import { serializeRun } from "../../src/database/document/document.ts";
import { ensureRepository } from "../../src/database/git-home/plumbing/repository.ts";
import { runPath } from "../../src/database/records/run.ts";
import { runCommand } from "../../src/machine/command.ts";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import type { Distribution } from "../../src/result/metrics/distribution.ts";
import { isolated } from "../support/git-repository.ts";
import { sampleRun } from "../support/run-document.ts";

/** A history that never was: a run after the other over five years up to today, each with 20 cells whose numbers waver. */

const DAY_MS = 86_400_000;
const YEARS_MS = 5 * 365 * DAY_MS;
const BEGIN = Math.floor(Date.now() / DAY_MS) * DAY_MS - YEARS_MS;
const RUNS_AT_ONCE = 2000;
const MANY = 1e8;

/** One more run of the last minutes, which no history has. */
export const freshRun = (number: number): Run => historyRun(MANY - 1 - number, MANY);

/** The number decides all: the same on every day's history, unlike its neighbours'. */
export function historyRun(number: number, of: number): Run {
  const startedAt = new Date(BEGIN + Math.floor(((number / of) * YEARS_MS) / 1000) * 1000);
  const iso = startedAt.toISOString().replace(".000", "");
  return {
    ...sampleRun,
    id: `${iso.replaceAll(/[-:]/g, "")}-${number.toString(16).padStart(8, "0")}`,
    startedAt: iso,
    finishedAt: new Date(startedAt.getTime() + 1_200_000).toISOString(),
    cells: [...latencyCells(number), ...servingCells(number)],
  };
}

function latencyCells(number: number): RunCell[] {
  return Array.from({ length: 8 }, (_, i) => ({
    id: `latency-sweep/in_512_out_128_bs_${i + 1}`,
    benchmark: "latency-sweep",
    params: { batchSize: i + 1, inputLen: 512, outputLen: 128 },
    status: "ok",
    metrics: { latency_s: distribution(1.36 + i / 30, number * 31 + i) },
  }));
}

function servingCells(number: number): RunCell[] {
  return Array.from({ length: 12 }, (_, i) => {
    const seed = number * 37 + i * 7;
    return {
      id: `serve-benchmark/in_300_out_100_concurrency_${2 ** i}`,
      benchmark: "serve-benchmark",
      params: { inputLen: 300, outputLen: 100, concurrency: 2 ** i },
      status: "ok",
      metrics: {
        ttft_ms: distribution(21, seed),
        tpot_ms: distribution(7, seed + 1),
        itl_ms: distribution(7, seed + 2),
        e2el_ms: distribution(720, seed + 3),
        request_throughput_req_s: wavering(12.5, seed + 4),
        output_throughput_tok_s: wavering(1250, seed + 5),
        total_token_throughput_tok_s: wavering(5000, seed + 6),
      },
    };
  });
}

function distribution(around: number, seed: number): Distribution {
  const at = (factor: number, i: number) => wavering(around * factor, seed * 8 + i);
  return { count: 500, mean: at(1, 1), std: at(0.1, 2), p50: at(1, 3), p90: at(1.1, 4), p99: at(1.3, 5) };
}

/** Within 2 %, with all the digits that a measured number has. */
function wavering(value: number, seed: number): number {
  const noise = Math.sin(seed * 12.9898) * 43_758.5453;
  return value * (1 + 0.04 * (noise - Math.floor(noise) - 0.5));
}

export function pointsOf({ cells }: Run): number {
  return cells.flatMap((cell) => (cell.status === "ok" ? Object.values(cell.metrics) : [])).flatMap(values).length;
}

const values = (metric: Distribution | number) => (typeof metric === "number" ? [metric] : Object.values(metric));

/** A bare repository as publish makes it, with a commit a run, as years of publishing leave it after git's own housekeeping. */
export async function makeHistory(repository: string, branch: string, size: number): Promise<void> {
  const env = { ...process.env, ...isolated };
  await ensureRepository({ path: repository }, branch, env);
  for (let first = 0; first < size; first += RUNS_AT_ONCE) {
    const count = Math.min(RUNS_AT_ONCE, size - first);
    const commits = Array.from({ length: count }, (_, i) =>
      commitOf(branch, first + i, { size, continues: i === 0 && first > 0 }),
    );
    const { exitCode, stderr } = await runCommand("git", ["-C", repository, "fast-import", "--quiet"], {
      env,
      input: commits.join(""),
    });
    if (exitCode !== 0) throw new Error(stderr);
  }
  await runCommand("git", ["-C", repository, "gc", "--quiet"], { env });
}

function commitOf(branch: string, number: number, { size, continues }: { size: number; continues: boolean }): string {
  const run = historyRun(number, size);
  const seconds = Date.parse(run.startedAt) / 1000;
  const marker = serializeMarker({ schema: "pitwall.database/1", holds: "real" });
  const from = continues ? `from refs/heads/${branch}^0\n` : "";
  return [
    `commit refs/heads/${branch}\ncommitter pitwall <p@example.org> ${seconds} +0000\n${data("Add a run")}${from}`,
    number === 0 ? `M 100644 inline pitwall.json\n${data(marker)}` : "",
    `M 100644 inline ${runPath(run)}\n${data(serializeRun(run))}\n`,
  ].join("");
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** The same points as github-action-benchmark 1.22 lays them out: one file, an entry a commit and suite. */
export function dataJs(runs: readonly Run[]): string {
  const person = { email: "ada@example.org", name: "Ada Lovelace", username: "ada" };
  const entries = runs.map((run) => ({
    commit: {
      author: person,
      committer: person,
      distinct: true,
      id: run.trigger.commit,
      message: run.trigger.subject,
      timestamp: run.startedAt,
      tree_id: run.trigger.commit,
      url: `https://github.com/octo/llm/commit/${run.trigger.commit}`,
    },
    date: Date.parse(run.startedAt),
    tool: "customSmallerIsBetter",
    benches: run.cells.flatMap((cell) => (cell.status === "ok" ? benchesOf(cell.id, cell.metrics) : [])),
  }));
  const file = { lastUpdate: 0, repoUrl: "https://github.com/octo/llm", entries: { Benchmark: entries } };
  return `window.BENCHMARK_DATA = ${JSON.stringify(file, null, 2)}`;
}

function benchesOf(cell: string, metrics: object) {
  return Object.entries(metrics as Record<string, number | Record<string, number>>).flatMap(([metric, value]) =>
    typeof value === "number"
      ? [{ name: `${cell} ${metric}`, value, unit: metric.split("_").at(-1) }]
      : Object.entries(value).map(([statistic, number]) => ({
          name: `${cell} ${metric} ${statistic}`,
          value: number,
          unit: metric.split("_").at(-1),
        })),
  );
}
