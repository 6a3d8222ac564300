import { expect, test } from "vitest";
import { taskOf } from "../../../src/accuracy/settings/task.ts";

const sample = { question: "x", choices: [], answers: ["y"] };

test("without a word it is the smoke test that pitwall brings", async () => {
  const { name, samples, matching } = await taskOf({});
  expect([name, samples.length, matching]).toEqual(["smoke", 72, { strip: true, caseInsensitive: true }]);
  expect((await taskOf({ task: "smoke", max_samples: 5 })).samples).toHaveLength(5);
});

test("samples of one's own have the name that was given, and are compared exactly", async () => {
  expect(await taskOf({ task: "mine", samples: [sample] })).toMatchObject({
    name: "mine",
    matching: { strip: true, caseInsensitive: false },
    samples: [sample],
  });
  expect((await taskOf({ samples: [sample] })).name).toBe("samples");
});

test("a task without samples is an error, never a made-up one", async () => {
  await expect(taskOf({ task: "gpqa" })).rejects.toThrow(
    "there are no samples of the task “gpqa”: name a file of them",
  );
  await expect(taskOf({ samples_file: "/nowhere.json" })).rejects.toThrow("/nowhere.json could not be read");
});
