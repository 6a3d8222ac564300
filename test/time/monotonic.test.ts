import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { fromMonotonic, monotonicMs, toMonotonic } from "../../src/time/monotonic.ts";

test("the clock reads what process.hrtime reads, for other processes to compare", () => {
  const before = Number(process.hrtime.bigint()) / 1e6;
  const now = monotonicMs();
  const after = Number(process.hrtime.bigint()) / 1e6;
  expect(now).toBeGreaterThan(before - 0.01);
  expect(now).toBeLessThan(after + 0.01);
});

test("a time of this thread goes there and back", () => {
  const now = performance.now();
  expect(fromMonotonic(toMonotonic(now))).toBeCloseTo(now, 6);
});

test("a process that has just begun reads it as exactly", () => {
  const program = `import { monotonicMs } from ${JSON.stringify(new URL("../../src/time/monotonic.ts", import.meta.url).href)};
    const before = Number(process.hrtime.bigint()) / 1e6;
    console.log(monotonicMs() - before);`;
  const args = ["--input-type=module", "--eval", program];
  const ahead = Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
  expect(ahead).toBeGreaterThan(-0.01);
});
