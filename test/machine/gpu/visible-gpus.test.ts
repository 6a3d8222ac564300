import { describe, expect, test } from "vitest";
import { visibleGpus } from "../../../src/machine/gpu/visible-gpus.ts";
import { UUID } from "../../support/gpu-tools.ts";

const GPUS = UUID.map((uuid, index) => ({ index, uuid }));
const visible = (list: string, gpus: { index: number; uuid: string; split?: true }[] = GPUS) =>
  gpus.filter(visibleGpus("nvidia-smi", { CUDA_VISIBLE_DEVICES: list })).map(({ index }) => index);

describe("CUDA_VISIBLE_DEVICES", () => {
  test("names GPUs by number or UUID, or the beginning of one", () => {
    expect(visible("1")).toEqual([1]);
    expect(visible("1, 0")).toEqual([0, 1]);
    expect(visible(UUID[0]!)).toEqual([0]);
    expect(visible("GPU-1aa1")).toEqual([1]);
    expect(visible("7")).toEqual([]);
  });

  test("ends at what is no GPU", () => {
    expect(visible("0,-1,1")).toEqual([0]);
    expect(visible("")).toEqual([]);
    expect(visible("NoDevFiles")).toEqual([]);
  });

  test("names a part of a split GPU, by its parent where that is told", () => {
    expect(visible(`MIG-${UUID[1]}/1/0`)).toEqual([1]);
    const split = [{ ...GPUS[0]!, split: true as const }, GPUS[1]!];
    expect(visible("MIG-c7384736-a75d-5afc-978f-d2f1294409fd", split)).toEqual([0]);
  });

  test("leaves all when it is not set", () => {
    expect(GPUS.filter(visibleGpus("nvidia-smi", {}))).toHaveLength(2);
  });
});

test("other makers' tools have variables of their own", () => {
  expect(GPUS.filter(visibleGpus("rocm-smi", { HIP_VISIBLE_DEVICES: "1" }))).toEqual([GPUS[1]]);
  expect(GPUS.filter(visibleGpus("xpu-smi", { ZE_AFFINITY_MASK: "0.1", CUDA_VISIBLE_DEVICES: "1" }))).toEqual([
    GPUS[0],
  ]);
});
