import { describe, expect, test } from "vitest";
import { stepsOf } from "../support/steps.ts";

// Behind the counter, which sees what is loaded after it.
const { READERS } = await import("../support/readers.ts");

/** Long enough that what does not grow no longer counts, and below every limit. */
const LENGTH = 8_000;
const MOST = 2.2;

test("steps are counted alike each time, and tell what is linear from what is not", () => {
  const linear = (length: number) => stepsOf(() => "x".repeat(length).indexOf("y"));
  const tokens = Buffer.from("x: y\r\n".repeat(1000));
  const { read } = READERS.find(({ name }) => name === "a stream in small pieces")!;
  // What is compiled in the first of all is counted with it.
  const [, one, two] = [1, 2, 3].map(() => stepsOf(() => read(tokens)));
  expect(one! / two!).toBeCloseTo(1, 1);
  expect(linear(2000) / linear(1000)).toBeLessThan(MOST);
  const quadratic = (length: number) =>
    stepsOf(() => {
      for (let rest = "x".repeat(length); rest !== ""; rest = rest.slice(1)) rest.indexOf("y");
    });
  expect(quadratic(2000) / quadratic(1000)).toBeGreaterThan(3.5);
});

describe.each(READERS)("$name", ({ read, shapes, throws }) => {
  /** Anything that it may throw is the end of its work. */
  const stepsAt = (bytes: Buffer) =>
    stepsOf(() => {
      try {
        read(bytes);
      } catch (error) {
        if (throws === undefined || !(error instanceof throws)) throw error;
      }
    });

  test.each(Object.entries(shapes))("takes twice the steps for twice the text: %s", (_what, shape) => {
    const [one, two] = [stepsAt(Buffer.from(shape(LENGTH))), stepsAt(Buffer.from(shape(2 * LENGTH)))];
    expect(one).toBeGreaterThan(0);
    expect(two / one).toBeLessThanOrEqual(MOST);
  });
});
