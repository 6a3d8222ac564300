import { setTimeout } from "node:timers/promises";
import { openAppender } from "../../src/database/append.ts";
import type { RunCell } from "../../src/result/document/run.ts";
import { runNumber } from "../database/runs.ts";
import { recordingTools } from "./recording-tools.ts";
import { okLatencyCell } from "./run-document.ts";

/** A process that publishes documents one after the other, and prints the id of each when it is told that it is there. */
const [repository, first, count, token] = process.argv.slice(2) as [string, string, string, string | undefined];
await using appender = await openAppender({ repository, branch: "pitwall-data", token }, recordingTools());
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  // Each with a number of its own: verify takes the same measurements under two ids for a mistake.
  const metrics = { latency_s: { mean: 1 + number / 10_000 } };
  const { added } = await appender.append([runNumber(number, { cells: [{ ...okLatencyCell, metrics } as RunCell] })]);
  process.stdout.write(`${added.join("\n")}\n`);
  await setTimeout(Math.random() * 5);
}
