import { expect, test } from "vitest";
import { wilsonInterval } from "../../../src/accuracy/statistics/proportion.ts";
import { samplesToDecide, scoreGate } from "../../../src/accuracy/statistics/score-gate.ts";

test("an interval above the least passes, one below fails, and one around it is too little to say", () => {
  expect(scoreGate(wilsonInterval(90, 100), 0.8)).toBe("pass");
  expect(scoreGate(wilsonInterval(60, 100), 0.8)).toBe("fail");
  expect(scoreGate(wilsonInterval(81, 100), 0.8)).toBe("too_few_to_decide");
  expect(scoreGate(wilsonInterval(79, 100), 0.8)).toBe("too_few_to_decide");
});

test("a least of 0 is off", () => expect(scoreGate(wilsonInterval(0, 10), 0)).toBe("off"));

test("so many samples would decide, and one fewer would not", () => {
  const total = samplesToDecide(0.82, 0.8)!;
  expect(scoreGate(wilsonInterval(0.82 * total, total), 0.8)).toBe("pass");
  expect(scoreGate(wilsonInterval(0.82 * (total - 1), total - 1), 0.8)).toBe("too_few_to_decide");
  expect(total).toBe(1537);
});

test("no number of samples tells a score from itself", () => expect(samplesToDecide(0.8, 0.8)).toBeUndefined());
