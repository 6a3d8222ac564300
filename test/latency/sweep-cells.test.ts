import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SweepAxes, sizeLabel, sweepCells } from "../../src/latency/sweep-cells.ts";
import { rawName } from "../../src/working-folder/raw-names.ts";

const AXES: SweepAxes = {
  batchSizes: [1, 2],
  inputLen: [512],
  outputLen: [128],
  n: [1],
  temperature: [1],
  topP: [1],
  detokenize: true,
  beamSearch: false,
};
const namesOf = (over: Partial<SweepAxes>) => sweepCells({ ...AXES, ...over }).map(({ id }) => id.split("/")[1]);

describe("the cells of a sweep", () => {
  test("with the defaults have the ids that they always had", () => {
    expect(namesOf({})).toEqual(["in_512_out_128_bs_1", "in_512_out_128_bs_2"]);
  });

  test("are every combination of the axes, those first that need the least memory", () => {
    expect(namesOf({ inputLen: [16, 64], outputLen: [8, 32] })).toEqual([
      "in_16_out_8_bs_1",
      "in_16_out_8_bs_2",
      "in_16_out_32_bs_1",
      "in_64_out_8_bs_1",
      "in_16_out_32_bs_2",
      "in_64_out_32_bs_1",
      "in_64_out_8_bs_2",
      "in_64_out_32_bs_2",
    ]);
  });

  test("say in the id how they sample when it is not as vllm bench latency does", () => {
    expect(namesOf({ batchSizes: [1], n: [1, 4], temperature: [0, 1], topP: [0.9] })).toEqual([
      "in_512_out_128_bs_1_temperature_0_top_p_0.9",
      "in_512_out_128_bs_1_top_p_0.9",
      "in_512_out_128_bs_1_n_4_temperature_0_top_p_0.9",
      "in_512_out_128_bs_1_n_4_top_p_0.9",
    ]);
    expect(namesOf({ batchSizes: [2], n: [3], temperature: [0], beamSearch: true })).toEqual([
      "in_512_out_128_bs_2_beam_3",
    ]);
  });

  test("never share an id or a raw file, whatever the axes", () => {
    const several = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 });
    const shares = fc.uniqueArray(fc.constantFrom(0.25, 0.5, 1), { minLength: 1 });
    const axes = {
      batchSizes: several,
      inputLen: several,
      outputLen: several,
      n: several,
      temperature: shares,
      topP: shares,
    };
    fc.assert(
      fc.property(fc.record(axes), (over) => {
        const cells = sweepCells({ ...AXES, ...over });
        expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
        expect(new Set(cells.map((cell) => rawName(cell, cells))).size).toBe(cells.length);
        for (const cell of cells) expect(cell.id).toMatch(/^[a-z0-9-]+\/[A-Za-z0-9._-]+$/);
      }),
      { numRuns: 30 },
    );
  });
});

test("the first number in a raw file's name is the batch size, also in a grid", () => {
  const cells = sweepCells({ ...AXES, inputLen: [16, 64] });
  expect(cells.map((cell) => rawName(cell, cells))).toEqual([
    "latency_bs1_in_16_out_128",
    "latency_bs1_in_64_out_128",
    "latency_bs2_in_16_out_128",
    "latency_bs2_in_64_out_128",
  ]);
  const plain = sweepCells(AXES);
  expect(plain.map((cell) => rawName(cell, plain))).toEqual(["latency_bs1", "latency_bs2"]);
  expect(sizeLabel(plain[0]!)).toBe("batch 1, 512 in, 128 out");
});
