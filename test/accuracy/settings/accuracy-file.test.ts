import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { layered, mostSamples, readAccuracyFile } from "../../../src/accuracy/settings/accuracy-file.ts";

async function read(content: string) {
  await using fixture = await createFixture({ "accuracy.yaml": content, "q.jsonl": "" });
  const settings = await readAccuracyFile(fixture.getPath("accuracy.yaml")).catch(({ message }: Error) => message);
  return JSON.parse(JSON.stringify(settings).replaceAll(`${fixture.path}/`, ""));
}

test("accuracy.yaml and a profile of it are read as they are", async () => {
  expect(
    await read('enabled: true\ntask: gpqa\nmax_samples: 100\ndataset_split: "validation[:100]"\nmin_score: 0.0\n'),
  ).toEqual({
    enabled: true,
    task: "gpqa",
    max_samples: 100,
    dataset_split: "validation[:100]",
    min_score: 0,
  });
  const profile =
    "run_type: daily\ntool: simple-evals\ndataset: gpqa\ndebug: false\nmax_tokens: 16384\ntemperature: 0.6\nnum_threads: 32\n";
  expect(await read(profile)).toMatchObject({ max_tokens: 16384, temperature: 0.6, num_threads: 32 });
});

test("samples stand in it, or in a file beside it", async () => {
  expect(await read("samples:\n  - {question: x, answer: y}\n")).toEqual({
    samples: [{ question: "x", choices: [], answers: ["y"] }],
  });
  expect(await read("samples_file: q.jsonl\n")).toEqual({ samples_file: "q.jsonl" });
});

test.for([
  ["max_sample: 3\n", "accuracy.yaml:1: max_sample: is no known name; did you mean “max_samples”?"],
  ["enabled: true\nmin_score: 75\n", "accuracy.yaml:2: min_score: must be 1 or less"],
  [
    "samples:\n  - question: x\n    anwser: y\n",
    "accuracy.yaml:2: samples[0]: has no right answer: give answer, gt, answer_idx, label\naccuracy.yaml:3: samples[0].anwser: is no known name; did you mean “answer”?",
  ],
  [
    "samples:\n  - question: x\n",
    "accuracy.yaml:2: samples[0]: has no right answer: give answer, gt, answer_idx, label",
  ],
  ["samples: []\n", "accuracy.yaml:1: samples: must name at least one"],
  [
    "samples_file: a\ndataset_file: b\n",
    "accuracy.yaml:2: dataset_file: goes without samples_file: samples come from one place",
  ],
  [
    "dataset_split: validation[10:20]\n",
    "accuracy.yaml:1: dataset_split: must be the name of a split, as in validation or validation[:100]",
  ],
] as const)("%j is refused with the line", async ([content, words]) => expect(await read(content)).toBe(words));

test("what was given goes before the named file, and that before the standard one", () => {
  const standard = { task: "standard", min_score: 0.1, max_tokens: 1 };
  const profile = { max_tokens: 2, temperature: 0.6 };
  expect(layered({ standard, profile })).toEqual({ task: "standard", min_score: 0.1, max_tokens: 2, temperature: 0.6 });
  expect(layered({ standard, profile, named: { task: "named", max_tokens: 3 } })).toEqual({
    task: "named",
    max_tokens: 3,
    temperature: 0.6,
  });
  expect(layered({ standard, named: { task: "named" }, given: { task: "given" } })).toEqual({ task: "given" });
});

test("another source of samples takes the place of the one below", () =>
  expect(
    layered({ standard: { samples_file: "a", dataset_format: "json", task: "t" }, given: { dataset_file: "b" } }),
  ).toEqual({
    dataset_file: "b",
    task: "t",
  }));

test("the fewer of max_samples and the split are asked", () => {
  expect(mostSamples({})).toBeUndefined();
  expect(mostSamples({ max_samples: 50, dataset_split: "test" })).toBe(50);
  expect(mostSamples({ max_samples: 50, dataset_split: "test[:20]" })).toBe(20);
  expect(mostSamples({ dataset_split: "validation[:100]" })).toBe(100);
});
