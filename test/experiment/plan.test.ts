import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { estimateList, estimateSeconds } from "../../src/experiment/estimate.ts";
import { matrixOf } from "../../src/experiment/matrix.ts";
import { planExperiments, shardOf } from "../../src/experiment/plan.ts";
import { Experiments } from "../../src/experiment/schema.ts";
import { V1_EXPERIMENTS } from "../support/experiment-axes.ts";

const plan = (yaml: string) => planExperiments(Experiments.parse(parse(yaml)));
const toRun = (list: ReturnType<typeof plan>) => list.filter(({ knownBad }) => knownBad === undefined);

describe("combinations", () => {
  test("three models, three sizes, two quantizations, eager or not, nine of them known bad: 27 runs of 36", () => {
    const list = plan(V1_EXPERIMENTS);
    expect(list).toHaveLength(36);
    expect(toRun(list)).toHaveLength(27);
    expect(list.filter(({ knownBad }) => knownBad !== undefined).map(({ settings }) => settings)).toEqual(
      Array(9).fill(expect.objectContaining({ quantization: "fp8", "enforce-eager": "off" })),
    );
    expect(list.find(({ knownBad }) => knownBad)?.knownBad).toBe("CUDA graphs fail with fp8");
    expect(list[0]).toEqual({
      name: "org-small_tp1_quant-off_eager-on",
      settings: { model: "org/small", "tensor-parallel-size": "1", quantization: "off", "enforce-eager": "on" },
      model: "org/small",
      engineArgs: ["--tensor-parallel-size", "1", "--enforce-eager"],
      configuration: "--enforce-eager",
    });
  });

  test.each(["off", "false", "none", '""', "null", "no"])("quantization %s gives no flag at all", (word) => {
    expect(plan(`axes: { quantization: [${word}] }`)[0]!.engineArgs).toEqual([]);
  });

  test("other values are given as they are, whoever writes the name of the flag", () => {
    const [only] = plan("axes: { --max_num_seqs: 64, gpu-memory-utilization: 0.9, quantization: awq }");
    expect(only!.engineArgs.join(" ")).toBe("--max-num-seqs 64 --gpu-memory-utilization 0.9 --quantization awq");
    expect(only!.configuration).toBe("--gpu-memory-utilization 0.9 --max-num-seqs 64");
    expect(only!.model).toBeUndefined();
  });

  test("an included combination runs whatever the rules exclude, once, and what it does not name is off", () => {
    const list = plan(`${V1_EXPERIMENTS}include:
  - { model: org/small, tensor-parallel-size: 1, quantization: fp8, enforce-eager: false }
  - { model: org/small, tensor-parallel-size: 1 }
  - { model: org/huge, max-num-seqs: 8 }`);
    expect(list).toHaveLength(37);
    expect(toRun(list)).toHaveLength(29);
    expect(list.at(-1)).toMatchObject({ model: "org/huge", engineArgs: ["--max-num-seqs", "8"] });
  });

  test.each([
    ["axes: {}", "at least one axis"],
    ["axes: { model: [] }", "at least one value"],
    ["axes: { model: [''] }", "must have a name"],
    ["axes: { model: [{ a: 1 }] }", "must be a word"],
    ["axes: { model: a }\nexclud: []", "exclud"],
    ["axes: { quantization: fp8 }\nexclude: [{ quantisation: fp8 }]", "did you mean “quantization”?"],
    ["axes: { model: a }\nexclude: [{ reason: why }]", "at least one setting"],
  ])("%j is refused in words", (yaml, words) => {
    expect(() => plan(yaml)).toThrow(words);
  });
});

describe("names", () => {
  test("a slash and an underscore give two names, both of which a folder can have", () => {
    const names = plan("axes: { model: [a/b, a_b, A/B, ../../etc, cells, experiments.csv] }").map(({ name }) => name);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(6);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][\w.-]*$/);
    for (const file of ["cells", "experiments.csv"]) expect(names).not.toContain(file);
  });

  test("of an engine that is starting is none", () => {
    expect(plan("axes: { model: [engine.starting.json] }").map(({ name }) => name)).toEqual([
      expect.stringMatching(/^engine\.starting\.json_[0-9a-f]+$/),
    ]);
  });

  test("are unique for any values, and the same every time", () => {
    const word = fc.string({ minLength: 1, maxLength: 200 }).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 6 }), fc.uniqueArray(word, { maxLength: 4 }), (models, values) => {
        const axes = { model: ["m", ...models], "some-flag": ["v", ...values] };
        const names = planExperiments(Experiments.parse({ axes })).map(({ name }) => name);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_][\w.-]{0,140}$/);
        expect(planExperiments(Experiments.parse({ axes })).map(({ name }) => name)).toEqual(names);
      }),
      { numRuns: 50 },
    );
  });
});

describe("parts of a list", () => {
  test("hold every combination once, and no part has two runs more than another", () => {
    const list = plan(V1_EXPERIMENTS);
    for (const count of [1, 2, 4, 27, 40]) {
      const parts = Array.from({ length: count }, (_, at) => shardOf(list, { index: at + 1, count }));
      expect(parts.flat().toSorted(byName)).toEqual(list.toSorted(byName));
      const sizes = parts.map((part) => toRun(part).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  test("a matrix has a job for each run, whose part holds that run and no other", () => {
    const list = plan(V1_EXPERIMENTS);
    const { include } = matrixOf(list);
    expect(include).toHaveLength(27);
    for (const [at, { name, shard }] of include.entries()) {
      expect(shard).toBe(`${at + 1}/27`);
      expect(toRun(shardOf(list, { index: at + 1, count: 27 })).map((one) => one.name)).toEqual([name]);
    }
  });

  test("a matrix has no more jobs than GitHub starts", () => {
    const values = Array.from({ length: 300 }, (_, value) => value + 1).join(",");
    const { include } = matrixOf(plan(`axes: { max-num-seqs: [${values}] }`));
    expect(include).toHaveLength(256);
    expect(include[255]).toEqual({ name: "part-256-of-256", shard: "256/256" });
  });
});

test("ten thousand combinations are planned, each with a name of its own", () => {
  const ten = Array.from({ length: 10 }, (_, value) => value + 1);
  const axes = { model: ten.map((one) => `org/m${one}`), "max-num-seqs": ten, "block-size": ten, seed: ten };
  const start = performance.now();
  const list = planExperiments(
    Experiments.parse({ axes, exclude: [{ seed: 3, "block-size": [1, 2], reason: "slow" }] }),
  );
  console.log(`planned 10,000 combinations in ${Math.round(performance.now() - start)} ms`);
  expect(new Set(list.map(({ name }) => name)).size).toBe(10_000);
  expect(toRun(list)).toHaveLength(9800);
});

test("the time is guessed from what the cells do", () => {
  const seconds = estimateSeconds([
    { params: { batchSize: 1, outputLen: 100, warmup: 10, iterations: 30 } },
    { params: { requestRate: 2, numPrompts: 360, outputLen: 100 } },
    { params: { concurrency: 4, durationS: 30 } },
    { params: { cache: "cold", iterations: 2 } },
    { params: { cache: "warm", iterations: 3 } },
  ]);
  expect(seconds).toBe(120 + 80 + 182 + 30 + 2 * 120 + (1 + 3) * 120);
});

test("a list takes as long as it took before, what is new as long as the mean, and a guess where all is new", () => {
  const before = new Map([
    ["a", 100],
    ["b", 300],
    ["gone", 9000],
  ]);
  expect(estimateList(["a", "b"], before, 7)).toEqual({ seconds: 400, known: 2 });
  expect(estimateList(["a", "b", "new"], before, 7)).toEqual({ seconds: 600, known: 2 });
  expect(estimateList(["new", "newer"], before, 7)).toEqual({ seconds: 14, known: 0 });
  expect(estimateList([], before, 7)).toEqual({ seconds: 0, known: 0 });
});

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
