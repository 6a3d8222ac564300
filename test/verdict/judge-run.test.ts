import { describe, expect, test } from "vitest";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import { settledBy } from "../../src/verdict/acceptance-effect.ts";
import { judgeRun, regressedSeries } from "../../src/verdict/judge-run.ts";
import { failedSize, pair, runOn, size } from "../report/histories.ts";

const main = "refs/heads/main";
const name = (batchSize: number) => `${size(batchSize, 1).id} latency_s`;
const night = (day: number, cells: RunCell[], changes: Partial<Run> = {}) => runOn(day, cells, changes);
/** Eight calm nights. */
const calm = Array.from({ length: 8 }, (_, day) => night(day + 1, [size(1, 1), size(2, 2)]));
const slow = [9, 10, 11].map((day) => night(day, [size(1, 1.2), size(2, 2)]));
const past = (runs: Run[]) => ({ runs, accepted: [] });

test("a number that got worse makes the run a regressed one, and is named", () => {
  const verdict = judgeRun(slow[1]!, past([...calm, slow[0]!]), main);
  expect(verdict).toMatchObject({ status: "regressed", baselineRuns: 9 });
  expect(regressedSeries(verdict)).toEqual([name(1)]);
  expect(verdict.series.map(({ cell, metric, standing }) => [`${cell} ${metric}`, standing.kind])).toEqual([
    [name(1), "changed"],
    [name(2), "steady"],
  ]);
});

test.each<[string, Run, Run[]]>([
  ["suspected", slow[0]!, calm],
  ["steady", night(9, [size(1, 1), size(2, 2)]), calm],
  ["steady", night(9, [size(1, 0.5)]), calm],
  ["improved", night(10, [size(1, 0.8)]), [...calm, night(9, [size(1, 0.8)])]],
  ["unjudged", night(9, [size(1, 1.2)]), calm.slice(0, 4)],
  ["unjudged", night(9, [size(4, 4)]), calm],
  ["unjudged", night(9, [failedSize(1)]), calm],
])("a run is %s by its worst number", (status, run, runs) => {
  expect(judgeRun(run, past(runs), main).status).toBe(status);
});

describe("other engine arguments", () => {
  const withArguments = (run: Run, ...args: string[]) => ({ ...run, engine: { ...run.engine, args } });

  test("begin a series: a sixth run with them is no loss, and the difference is named", () => {
    const five = calm.slice(0, 5).map((run) => withArguments(run, "--max-num-seqs", "64"));
    const sixth = withArguments(night(6, [size(1, 5)]), "--max-num-seqs", "8", "--enforce-eager");
    expect(judgeRun(sixth, past(five), main)).toMatchObject({
      status: "unjudged",
      baselineRuns: 0,
      newArguments: "--enforce-eager added, --max-num-seqs 64 → 8",
    });
  });

  test("that change no number begin none", () => {
    const moved = withArguments(slow[1]!, "--port", "9000", "--uvicorn-log-level", "warning");
    const verdict = judgeRun(moved, past([...calm, slow[0]!]), main);
    expect(verdict).toMatchObject({ status: "regressed", baselineRuns: 9 });
    expect(verdict).not.toHaveProperty("newArguments");
  });

  test("are not the reason where there never was an earlier run", () => {
    expect(judgeRun(withArguments(slow[0]!, "--enforce-eager"), past([]), main)).not.toHaveProperty("newArguments");
  });
});

describe("only what may be compared is", () => {
  const slowNight = { ...slow[1]!, id: "20261120T064501Z-00000001" };
  const judged = (runs: Run[], ref: string | null = main) => judgeRun(slowNight, past(runs), ref);

  test.each<[string, (run: Run) => Run]>([
    ["of another machine", (run) => ({ ...run, host: { ...run.host, label: "h100-2" } })],
    ["of another model", (run) => ({ ...run, model: { ...run.model, name: "Qwen/Qwen3-8B" } })],
    ["of a pull request", (run) => ({ ...run, trigger: { ...run.trigger, ref: "refs/pull/7/merge" } })],
    ["that started later", (run) => ({ ...run, startedAt: run.startedAt.replace("2026", "2027") })],
    ["of a simulator", (run) => ({ ...run, simulated: true })],
  ])("runs %s are no baseline", (_, change) => {
    expect(judged(calm.map(change))).toMatchObject({ status: "unjudged", baselineRuns: 0 });
  });

  test("the run itself, when it is published already, is no run before it", () => {
    expect(judged([...calm, slowNight]).baselineRuns).toBe(8);
  });

  test("a run without a ref is held against others without one", () => {
    const local = calm.map((run) => ({ ...run, trigger: { ...run.trigger, ref: null } }));
    expect(judged([...calm, ...local], null).baselineRuns).toBe(8);
  });

  test("numbers of another workload or client under the same id are no baseline", () => {
    const asked = (cell: RunCell): RunCell => ({ ...cell, params: { ...cell.params, dataset: "sharegpt" } });
    const theirs = calm.map((run) => ({ ...run, cells: run.cells.map(asked) }));
    expect(judged(theirs)).toMatchObject({ status: "unjudged", baselineRuns: 8 });
  });
});

test("the client's own queue and metrics that have no better are not judged", () => {
  const metrics = { client_queue_ms: { p50: 1 }, duration_s: 9, output_throughput_tok_s: 100 };
  const run = night(9, [pair(300, { requestRate: 1 }, metrics)]);
  expect(judgeRun(run, past([]), main).series.map(({ metric }) => metric)).toEqual(["output_throughput_tok_s"]);
});

test("an accepted change settles its series and no other, and the next change is seen again", () => {
  const both = [9, 10, 11, 12, 13, 14].map((day) => night(day, [size(1, 1.2), size(2, 2.4)]));
  const accepted = [{ series: name(1), from: both[0]!, why: "a new kernel" }];
  const judged = (run: Run, runs: Run[]) => judgeRun(run, { runs, accepted }, main);
  expect(regressedSeries(judged(both[2]!, [...calm, ...both.slice(0, 2)]))).toEqual([name(2)]);
  const later = [15, 16].map((day) => night(day, [size(1, 1.5), size(2, 2)]));
  expect(regressedSeries(judged(later[1]!, [...calm, ...both, later[0]!]))).toEqual([name(1)]);
});

test("what accepting would settle is told beforehand: the alarms of the newest run that would be gone", () => {
  const runs = [...calm, ...slow];
  const change = { series: "*", from: slow[0]!, why: "a new kernel" };
  expect(settledBy(past(runs), [change]).map(({ cell, metric }) => `${cell} ${metric}`)).toEqual([name(1)]);
  expect(settledBy({ runs, accepted: [change] }, [change])).toEqual([]);
  expect(settledBy(past(calm), [{ ...change, from: calm[2]! }])).toEqual([]);
});

describe("a pull request", () => {
  const pull = "refs/pull/7/merge";
  const ofPull = (day: number, latency: number) =>
    night(day, [size(1, latency)], { trigger: { ...calm[0]!.trigger, ref: pull } });
  const status = (runs: Run[]) => judgeRun(runs.at(-1)!, past([...calm, ...runs.slice(0, -1)]), main).status;

  test("is suspected by its first run and regressed by its second", () => {
    expect(status([ofPull(9, 1.3)])).toBe("suspected");
    expect(status([ofPull(9, 1.3), ofPull(10, 1.3)])).toBe("regressed");
  });

  test("is not blamed for the last run of its base, nor for a loss that stands there", () => {
    expect(status([night(9, [size(1, 1.3)]), ofPull(10, 1.3)])).toBe("suspected");
    const loss = [9, 10, 11, 12, 13].map((day) => night(day, [size(1, 1.3)]));
    expect(status([...loss, ofPull(14, 1.3), ofPull(15, 1.3)])).toBe("steady");
  });

  test("goes on being judged when its base accepts a change, and accepts nothing for its base", () => {
    const loss = [9, 10, 11, 12, 13].map((day) => night(day, [size(1, 1.3)]));
    const runs = [...calm, ofPull(9, 1.3), ...loss];
    const judged = (run: Run, from: Run) =>
      judgeRun(run, { runs, accepted: [{ series: "*", from, why: "a longer context" }] }, main).status;
    expect(judged(ofPull(14, 1.3), loss[0]!)).toBe("steady");
    expect(judged(night(14, [size(1, 1.3)]), runs[8]!)).toBe("regressed");
  });
});

test("of two runs of one moment the one with the lower id comes first", () => {
  const twin = { ...slow[0]!, id: slow[0]!.id.replace("0000000", "0000001") };
  const runs = [...calm, slow[0]!, twin];
  expect([slow[0]!, twin].map((run) => judgeRun(run, past(runs), main).status)).toEqual(["suspected", "regressed"]);
});
