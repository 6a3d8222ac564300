import { setTimeout } from "node:timers/promises";
import { openAppender } from "../../src/database/append.ts";
import { runNumber } from "../database/runs.ts";
import { recordingTools } from "./recording-tools.ts";

/** A process that publishes documents one after the other, and prints the id of each when it is told that it is there. */
const [repository, first, count, token] = process.argv.slice(2) as [string, string, string, string | undefined];
await using appender = await openAppender({ repository, branch: "pitwall-data", token }, recordingTools());
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  const { added } = await appender.append([runNumber(number)]);
  process.stdout.write(`${added.join("\n")}\n`);
  await setTimeout(Math.random() * 5);
}
