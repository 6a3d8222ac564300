import { describe, expect, test } from "vitest";

import { noRecords, toldBy } from "../../../../src/database/records/applied.ts";
import type { Run } from "../../../../src/result/document/run.ts";
import { alarmOf } from "../../../../src/verbs/bisect/alarm/alarm.ts";
import { alarmNumbers, requireHostOf } from "../../../../src/verbs/bisect/alarm/asked-alarm.ts";
import { runOn, size } from "../../../report/histories.ts";
import { sampleRun } from "../../../support/run-document.ts";

const commitOf = (night: number) => night.toString(16).padStart(40, "0");
const series = `${size(1, 1).id} latency_s`;

/** Nights of which each measured a commit of its own. */
function history(latencies: readonly number[], commit: (night: number) => string = commitOf) {
  const runs = latencies.map((latency, index): Run => {
    const trigger = { ...sampleRun.trigger, commit: commit(index + 1) };
    return runOn(index + 1, [size(1, latency)], { trigger });
  });
  return { runs, records: toldBy(noRecords(), new Map()) };
}

const calm = [1, 1, 1, 1, 1, 1, 1, 1];
const changed = history([...calm, 1.2, 1.2, 1.2]);
const last = changed.runs.at(-1)!;

test("an alarm's pair is the last night before the change and the first with it", () => {
  const alarm = alarmOf(changed, last.id, series);
  expect([alarm.good, alarm.bad, alarm.direction]).toEqual([commitOf(8), commitOf(9), "higher"]);
  expect([alarm.cell.id, alarm.metric]).toEqual(series.split(" "));
});

test("numbers of commits between the ends tell where to look first", () => {
  const alarm = alarmOf(changed, last.id, series);
  const builds = [8, 100, 9].map((night) => ({ name: commitOf(night), weight: 1 }));
  const [only, ...more] = alarmNumbers(alarm, builds);
  expect([only!.commit, more]).toEqual([2, []]);
  expect(only!.logRatio).toBeCloseTo(Math.log(1.2));
});

describe("there is nothing to search", () => {
  test("where nothing changed", () => {
    const steady = history(calm);
    expect(() => alarmOf(steady, steady.runs.at(-1)!.id, series)).toThrow(/did not change.*no alarm to follow/s);
  });

  test("where the same commit was measured before and after", () => {
    const same = history([...calm, 1.2, 1.2], () => commitOf(1));
    expect(() => alarmOf(same, same.runs.at(-1)!.id, series)).toThrow(/the same commit.*look at the machine/s);
  });

  test("in a run or a series that is not there", () => {
    expect(() => alarmOf(changed, "20200101T000000Z-00000000", series)).toThrow(/no such run/);
    expect(() => alarmOf(changed, last.id, "bs_1 latency_s")).toThrow(/did you mean “latency-sweep/);
  });
});

test("another machine than the alarm's is refused, unless it is forced", () => {
  const alarm = alarmOf(changed, last.id, series);
  const here = { ...sampleRun.host, label: "h200-7" };
  expect(() => requireHostOf(alarm, here, false)).toThrow(/the alarm is of h100-1 .*, and this is h200-7/);
  expect(() => requireHostOf(alarm, { ...sampleRun.host, gpu: null }, false)).toThrow(/\(no GPU\)/);
  requireHostOf(alarm, here, true);
  requireHostOf(alarm, sampleRun.host, false);
});
