/*
 * How well the logs of failed engines are read: right and wrong by class, over the corpus in test/fixtures/start-logs
 * or another folder of the same form. Prints; asserts nothing.
 * Usage: node test/bench/diagnosis.ts [folder]
 */
import { isMisleading, mistakes, startLogs } from "../support/start-logs.ts";

const results = startLogs(process.argv[2]).map((log) => ({ ...log, wrong: mistakes(log) }));

for (const { name, wrong } of results) for (const mistake of wrong) console.log(`${name}: ${mistake}`);

const classOf = ({ reason, stage }: (typeof results)[number]) =>
  stage === undefined ? reason : `${reason} (${stage})`;
console.log(`\n${"class".padEnd(32)}right  wrong  misleading`);
for (const [name, logs] of [...Map.groupBy(results, classOf)].sort()) printRow(name, logs);
printRow("all", results);

function printRow(name: string, logs: typeof results): void {
  const wrong = logs.filter((log) => log.wrong.length > 0);
  const counts = [logs.length - wrong.length, wrong.length, wrong.filter((log) => isMisleading(log.wrong)).length];
  console.log(`${name.padEnd(32)}${counts.map((count, at) => String(count).padStart([5, 7, 12][at]!)).join("")}`);
}
