import { commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { LIMITS } from "../../foreign-text/limits.ts";
import { shownText } from "../../result/checks/shown-run.ts";
import { Bisect, type BisectBuild } from "../../result/document/bisect.ts";
import { compactMoment, RUN_ID } from "../../result/document/run.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import { type Format, parseDocument } from "../document/parse-document.ts";
import { inFolder, type RecordKind } from "./kind.ts";

const FOLDER = "bisects";
const format: Format<Bisect> = { schema: Bisect, family: "pitwall.bisect", version: 1 };

/** Moment and fingerprint of what a search knew then: one search may leave several. */
function nameOf(bisect: Bisect): string {
  return `${compactMoment(bisect.updatedAt)}-${fingerprint(serializeBisect(bisect))}`;
}

/** `bisects/20261124T100000Z-7f3a9c2e.json` */
function bisectPath(bisect: Bisect): string {
  return `${FOLDER}/${nameOf(bisect)}.json`;
}

/** The one text of a record: parsing puts its keys into the schema's order. */
function serializeBisect(bisect: Bisect): string {
  return `${JSON.stringify(Bisect.parse(bisect), null, 1)}\n`;
}

/** `latency-sweep/in_8_out_4_bs_1 latency_s between 0123456789 and 89abcdef01: culprit` */
function subjectOf({ cell, metric, builds, result }: Bisect): string {
  const ends = [builds[0]!, builds.at(-1)!].map(({ name }) => (/^[0-9a-f]{40}$/.test(name) ? name.slice(0, 10) : name));
  return `${cell} ${metric} between ${ends.join(" and ")}: ${result?.end ?? "not ended"}`;
}

const shownBuild = ({ subject, skipped, ...build }: BisectBuild): BisectBuild => ({
  ...build,
  name: shownText(build.name),
  ...(subject === undefined ? {} : { subject: shownText(subject) }),
  ...(skipped === undefined ? {} : { skipped: shownText(skipped, LIMITS.detail) }),
});

export const BISECT: RecordKind<Bisect> = {
  ...inFolder(FOLDER, (name) => RUN_ID.test(name)),
  format,
  title: "bisect",
  readme: { path: `${FOLDER}/<name>.json`, holds: "a search for the build that changed a number, and what it found" },
  pathOf: bisectPath,
  idOf: nameOf,
  serialize: serializeBisect,
  parse: (text, file) => parseDocument(text, file, format),
  misplaced: (one, path) => (path === bisectPath(one) ? null : `${path} was changed since it was written`),
  unsound(bisect) {
    const stray = strayPlace(bisect);
    return stray === null ? null : `the bisect ${bisect.id} speaks of build ${stray}, which it does not have`;
  },
  // Its text is part of its path.
  twice: () => null,
  taken: (one) => `${bisectPath(one)} is taken by another record; bisect once more`,
  message(bisects) {
    return commitLines(
      bisects.map((one) => commitWords`Add bisect of ${subjectOf(one)}\n\n${one.result?.detail ?? "It goes on."}\n`),
      "\n",
    );
  },
  checkAdded: async () => undefined,
  about: null,
  effect: { on: "nothing" },
  tell: ({ value }) => value,
  shown: (one) => ({
    ...one,
    model: shownText(one.model),
    metric: shownText(one.metric),
    host: {
      ...one.host,
      label: shownText(one.host.label),
      gpu: one.host.gpu === null ? null : shownText(one.host.gpu),
    },
    builds: one.builds.map(shownBuild),
    ...(one.result === undefined
      ? {}
      : { result: { ...one.result, detail: shownText(one.result.detail, LIMITS.detail) } }),
  }),
  leftOut: () => null,
  flaw: () => null,
};

/** Readers look builds up by their place. */
function strayPlace({ builds, blocks, result }: Bisect): number | null {
  const stretches = result === undefined ? [] : [...result.changes, ...(result.runnerUp ? [result.runnerUp] : [])];
  const places = [
    ...blocks.flatMap(({ build, against }) => [build, against]),
    ...stretches.flatMap(({ from, to }) => [from, to]),
  ];
  return places.find((place) => place >= builds.length) ?? null;
}
