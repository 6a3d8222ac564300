import { expect, test } from "vitest";
import { mistakes, startLogs } from "../support/start-logs.ts";

test.each(startLogs())("the log $name is read right: $reason", (log) => {
  expect(mistakes(log)).toEqual([]);
});
