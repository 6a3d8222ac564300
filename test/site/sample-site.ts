import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { serializeRun } from "../../src/database/document/document.ts";
import { readDatabase } from "../../src/database/read/read.ts";
import { runPath } from "../../src/database/records/run.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { Run } from "../../src/result/document/run.ts";
import { buildSite } from "../../src/verbs/build-site/build-site.ts";
import { failedSize, runOn, size } from "../report/histories.ts";
import { HOSTILE_TEXTS, hostileRun } from "../support/hostile.ts";
import { longRun } from "../support/long-run.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { sampleRun } from "../support/run-document.ts";

/** Text that would break a page if any of it were taken for markup. */
export const HOSTILE = `</script><script>throw "markup"</script><img src="http://192.0.2.1/x"> & 'co'`;

const edge = { model: { ...sampleRun.model, name: "edge/one-line" } };
const changedLine = { model: { ...sampleRun.model, name: "edge/changed-line" } };

const GPU = {
  ...{ name: "NVIDIA H100 80GB HBM3", uuidHash: "0a1b2c3d4e5f6071", memoryMib: 81_559 },
  ...{ powerLimitW: 700, maxClockMhz: 1980, mig: false },
};

/** What fake_db does not have: a line of one size with a failure in it, a context without a number, a cell whose workload changed, a run without a cell. */
export const edgeRuns: Run[] = (
  [
    runOn(1, [size(1, 1)], edge),
    runOn(2, [{ ...failedSize(1), detail: HOSTILE, logTail: `${HOSTILE}\n`.repeat(60) } as Run["cells"][number]], {
      ...edge,
      outcome: "failed",
      trigger: { ...sampleRun.trigger, subject: HOSTILE },
      host: { ...sampleRun.host, gpus: [GPU] },
      engine: { ...sampleRun.engine, startPhases: { weightsSeconds: 0.98, initSeconds: 20.04 } },
    }),
    runOn(3, [size(1, 1.02)], edge),
    runOn(4, [size(1, 1.01)], edge),
    runOn(5, [failedSize(1, "startup_timeout")], {
      model: { ...sampleRun.model, name: "edge/never-started" },
      outcome: "failed",
    }),
    runOn(
      7,
      [{ ...size(1, 1), params: { ...size(1, 1).params, beamSearch: true, dataset: "octo/prompts" } }],
      changedLine,
    ),
    runOn(10, [size(1, 1)], changedLine),
    runOn(6, [], { model: { ...sampleRun.model, name: "edge/nothing-planned" }, outcome: "cancelled" }),
  ] as Run[]
).map(inThePast);

/** A document with markers in every text. */
export const markedRun: Run = inThePast(
  hostileRun(HOSTILE_TEXTS[0]!, {
    ...{ id: "20261108T064501Z-00000008", startedAt: "2026-11-08T06:45:01Z", finishedAt: "2026-11-08T07:02:44Z" },
  }),
);

/** A document from before texts had limits. */
export const oldRun: Run = inThePast(
  longRun(100_000, {
    ...{ id: "20261109T064501Z-00000009", startedAt: "2026-11-09T06:45:01Z", finishedAt: "2026-11-09T07:02:44Z" },
  }),
);

/** A change that a person accepted, from the third run on. */
const ACCEPTED = { schema: "pitwall.accepted/1", series: "* latency_s", from: edgeRuns[2]!.id, why: HOSTILE };

/** Before everything in fake_db, so that its contexts stay the first ones. */
function inThePast(run: Run): Run {
  const early = (text: string) => text.replace("2026", "2024");
  return { ...run, id: early(run.id), startedAt: early(run.startedAt), finishedAt: early(run.finishedAt) };
}

export interface SampleSite extends AsyncDisposable {
  folder: string;
  base: string;
  /** Every run that it shows, oldest first. */
  runs: Run[];
}

/** The site of fake_db and the edge cases, under a base path of two parts. */
export async function buildSampleSite(): Promise<SampleSite> {
  const home = await mkdtemp(join(tmpdir(), "pitwall-site-"));
  const database = join(home, "database");
  await cp(join(PACKAGE_ROOT, "fake_db"), database, { recursive: true });
  for (const run of [...edgeRuns, markedRun, oldRun]) {
    const file = join(database, runPath(run));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, serializeRun(run));
  }
  await mkdir(join(database, "accepted"));
  await writeFile(join(database, "accepted/kernel.json"), JSON.stringify(ACCEPTED));
  const marked = { ...ACCEPTED, series: "* *", from: markedRun.id, why: HOSTILE_TEXTS[0] };
  await writeFile(join(database, "accepted/marked.json"), JSON.stringify(marked));
  const { runs } = await readDatabase(database);
  await writeFile(join(database, "accepted/damaged.json"), JSON.stringify({ ...marked, [HOSTILE_TEXTS[0]!]: "" }));
  const site = { folder: join(home, "site"), base: "/some/base/", runs };
  const inputs = { database, site: site.folder, base: site.base, output: join(home, "out") };
  await buildSite.run(buildSite.inputs.parse(inputs), recordingTools());
  return { ...site, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}
