import { expect, test } from "vitest";
import { categoryOf } from "../../../../src/arms/commits/judge/category.ts";
import { attempt, failed, measured, task } from "../../../support/patches/arm-results.ts";

const nothing = { human: undefined, baseline: undefined };
const imageMissing = failed("agent", { end: "image_missing", error: "none" });

test.each<[string, Parameters<typeof task>]>([
  ["complete", [[attempt()]]],
  ["complete", [[attempt({ baseline: undefined })], { pair: { baselineThroughput: 900 } }]],
  ["human_and_agent", [[attempt({ baseline: failed("baseline") })]]],
  ["agent_crashed", [[attempt({ result: failed("agent") })]]],
  ["image_missing", [[attempt({ result: imageMissing })]]],
  ["human_only", [[attempt({ result: failed("agent", { error: "No metrics" }) })]]],
  ["human_failed", [[attempt({ human: failed("human") })]]],
  ["image_missing", [[attempt({ human: failed("human", { end: "image_missing" }) })]]],
  ["large_model", [[], { note: { skip: "Meta-Llama-3-70B - too large for single GPU" } }]],
  ["unknown_model", [[], { pair: { model: undefined } }]],
  ["version_bug", [[], { note: { category: "other_failed", elsewhere: "version_bug" } }]],
  ["baseline_failed", [[], { note: { category: "baseline_failed_everywhere", elsewhere: "error" } }]],
  ["elsewhere_only", [[], { note: { category: "other_failed", elsewhere: "success" } }]],
  ["other", [[], { note: { skip: "Docker image has no vLLM installed" } }]],
  ["not_run", [[]]],
])("a commit is %s (%#)", (category, [attempts, known]) => {
  expect(categoryOf(task(attempts, known))).toBe(category);
});

test("numbers go before what others found out", () => {
  expect(categoryOf(task([attempt()], { note: { skip: "too large", elsewhere: "version_bug" } }))).toBe("complete");
  const none = { ...task([], { note: { hasHumanImage: false } }), ...nothing };
  expect(categoryOf(none)).toBe("image_missing");
  expect(categoryOf({ ...none, human: measured("human", 5) })).toBe("human_only");
});
