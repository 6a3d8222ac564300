/*
 * Writes the sample data branch: `npm run fake-db`, or into another folder: `npm run fake-db -- FOLDER`. Real runs on an
 * H100, imported from the history of cquil11/cam-ci-challenge, and simulated nights. It is published to a repository and
 * exported from there, so that its layout is the real one.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendRuns } from "../src/database/append.ts";
import { DEFAULT_BRANCH } from "../src/database/document/layout.ts";
import { exportBranch } from "../src/database/read/read.ts";
import type { ImportContext } from "../src/formats/imported-run.ts";
import { importConcurrency, importLatencies, importServing } from "../src/formats/seed/import.ts";
import { PACKAGE_ROOT } from "../src/package-root.ts";
import type { Run } from "../src/result/document/run.ts";
import { fakeNights } from "./fake-db/nights.ts";

/** What that repository's workflow says about its runs. */
const H100: ImportContext = {
  engine: { kind: "vllm", version: "0.10.1.1", image: null, imageDigest: null, args: [], secondsToReady: null },
  model: {
    name: "meta-llama/Llama-3.1-8B-Instruct",
    revision: null,
    dtype: null,
    quantization: null,
    tensorParallel: 1,
  },
  host: {
    label: "h100",
    gpu: "NVIDIA H100 80GB HBM3",
    gpuCount: 1,
    driver: null,
    cuda: null,
    cpu: null,
    cores: null,
  },
  client: { kind: "vllm", version: "0.10.1.1" },
};

async function h100History(): Promise<Run[]> {
  const file = async (name: string) => ({
    name,
    text: await readFile(join(PACKAGE_ROOT, "test/fixtures/seed-h100", name), "utf8"),
  });
  return [
    ...importLatencies(await file("data.json"), H100, { inputLen: 512, outputLen: 128 }),
    ...importServing(await file("e2e_benchmark_data.json"), H100, 5000),
    ...importConcurrency(await file("max_concurrency_benchmark_data.json"), H100, { inputLen: 1000, outputLen: 200 }),
  ];
}

const folder = process.argv[2] ?? join(PACKAGE_ROOT, "fake_db");
const scratch = await mkdtemp(join(tmpdir(), "pitwall-fake-db-"));
try {
  const repository = join(scratch, "database.git");
  const runs = [...(await h100History()), ...(await fakeNights())];
  const report = {
    ...console,
    group: <T>(_: string, work: () => Promise<T>) => work(),
    progress: () => ({ update() {}, end() {} }),
  };
  const tools = {
    report: { ...report, warning: console.warn },
    env: process.env,
    signal: new AbortController().signal,
  };
  await appendRuns({ repository, branch: DEFAULT_BRANCH, runs, allowSimulated: true }, tools);
  await exportBranch({ repository, branch: DEFAULT_BRANCH }, folder);
  console.info(`${runs.length} runs written to ${folder}`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
