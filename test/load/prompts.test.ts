import { expect, test } from "vitest";
import { requestBodies } from "../../src/load/prompts.ts";
import { seededRandom, seedFor } from "../../src/load/random.ts";

const SHAPE = { model: "m", inputLen: 40, outputLen: 7 };
const bodies = (seed: number, stream = 1) =>
  requestBodies(20, SHAPE, seededRandom(seed, stream)).map((body) => JSON.parse(body.toString()));

test("a body asks for a greedy stream of exactly the output length, with usage at its end", () => {
  expect(bodies(1)[0]).toEqual({
    model: "m",
    prompt: expect.any(Array),
    max_tokens: 7,
    ignore_eos: true,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("prompts have the input length in token ids that every vocabulary holds", () => {
  for (const { prompt } of bodies(1)) {
    expect(prompt).toHaveLength(40);
    for (const id of prompt) expect(Number.isInteger(id) && id >= 1000 && id < 10_000).toBe(true);
  }
});

test("no two prompts of a cell, of its warm-up or of another cell begin alike", () => {
  const all = [...bodies(1), ...bodies(1, 2), ...bodies(2)];
  const beginnings = all.map(({ prompt }) => prompt.slice(0, 4).join());
  expect(new Set(beginnings).size).toBe(all.length);
});

test("the same seed gives the same prompts", () => expect(bodies(5)).toEqual(bodies(5)));

test("seeds of names fit numpy's seed and differ between cells", () => {
  const seeds = ["0:a_rate_1", "0:a_rate_2", "1:a_rate_1"].map(seedFor);
  expect(new Set(seeds).size).toBe(3);
  for (const seed of seeds) expect(seed).toBeGreaterThanOrEqual(0);
  for (const seed of seeds) expect(seed).toBeLessThan(2 ** 31);
});
