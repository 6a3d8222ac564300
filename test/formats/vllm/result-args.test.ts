import { expect, test } from "vitest";
import { askedIn } from "../../../src/formats/vllm/result-args.ts";

test("what stands behind the number of the run was swept, the client's apart from the engine's", () => {
  const keys = { seed: 1, block_size: 16, run_number: 0, temperature: 0.5, "max-num-seqs": 8, label: "night" };
  expect(askedIn(keys, "r.json")).toEqual({
    bench: { seed: 1, temperature: 0.5 },
    swept: new Set(["temperature"]),
    engine: { block_size: 16, max_num_seqs: 8 },
    settings: { max_num_seqs: 8 },
  });
});

test("without the number of a run nothing was swept, but the number of prompts that a folder is named by", () => {
  expect(askedIn({ temperature: 0.5 }, "r.json").swept).toEqual(new Set());
  expect(askedIn({}, "BENCH--num_prompts=100/run=0.json").swept).toEqual(new Set(["num_prompts"]));
});
