/**
 * What the pure half of an evaluation costs: reading and choosing 10,000 instances, and grading 1,000 saved ones again.
 * `npm run bench:evaluate-grading`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataset } from "../../src/evaluate/dataset/dataset.ts";
import { select } from "../../src/evaluate/dataset/select.ts";
import { writeAsked } from "../../src/evaluate/results/asked.ts";
import { gradeFolder } from "../../src/evaluate/results/results-folder.ts";
import { saveEvidence } from "../../src/evaluate/work/saved-evidence.ts";
import { writeJson } from "../../src/files.ts";
import { infraGymEntry } from "../support/instances.ts";
import { phases, ran } from "../support/phase-runs.ts";
import { askedFor, savedEvidence } from "../support/saved-evidence.ts";

const PLANNED = 10_000;
const GRADED = 1_000;
/** In each phase. */
const TESTS = 50;

async function seconds(work: () => Promise<unknown>): Promise<string> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return `${((performance.now() - began) / 1000).toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of a core)`;
}

const folder = mkdtempSync(join(tmpdir(), "pitwall-grading-"));
const dataset = join(folder, "dataset.json");
await writeJson(
  dataset,
  Array.from({ length: PLANNED }, (_, n) => infraGymEntry(`i-${n}`)),
);
const plan = async () => select(await readDataset(dataset), { shard: { index: 1, count: 4 } }, () => undefined);
console.log(`${PLANNED} instances read and chosen from: ${await seconds(plan)}`);

const ids = Array.from({ length: TESTS }, (_, n) => `tests/test_a.py::test_x[${n}]`);
const outcomes = (last: "passed" | "failed") => ids.map((id, n) => [id, n === 0 ? last : "passed"] as const);
const evidence = phases(ran(outcomes("failed")), ran(outcomes("passed")));
const names = Array.from({ length: GRADED }, (_, n) => `i-${n}`);
await writeAsked(folder, askedFor({ entries: Object.fromEntries(names.map((name) => [name, {}])) }));
for (const name of names) await saveEvidence(folder, savedEvidence("gold", name, evidence), []);
console.log(`${GRADED} instances of 2 × ${TESTS} tests graded again: ${await seconds(() => gradeFolder(folder))}`);
rmSync(folder, { recursive: true });
