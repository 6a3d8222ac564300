import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Circumstances, classifyFailure, type Finding } from "../../src/engine/failure/classify.ts";
import { excerpt, readableLog } from "../../src/engine/failure/excerpt.ts";
import { Reason } from "../../src/result/document/reason.ts";

/** What is to be found of an engine's failure in the log that follows it after a line of dashes. */
const Expected = z.strictObject({
  reason: Reason,
  /** When memory ran out. */
  stage: z.string().optional(),
  /** The line that explains the failure, without what loggers put before it; null: the log has none. */
  line: z.string().nullable(),
  /** A part of the cause or of the fix. */
  says: z.string(),
  /** Where the words were seen. */
  source: z.string(),
  phase: z.enum(["start", "mid-run"]).default("start"),
  /** How its process ended: by SIGKILL, or out of sight. */
  end: z.enum(["exited", "killed", "unseen"]).default("exited"),
});

export type StartLog = z.infer<typeof Expected> & { name: string; log: string };

const FOLDER = join(import.meta.dirname, "..", "fixtures", "start-logs");
const KILLED = { exited: false, killed: true, unseen: undefined };

/** The corpus, one file a log. */
export const startLogs = (folder = FOLDER): StartLog[] =>
  readdirSync(folder)
    .sort()
    .map((file) => readStartLog(folder, file));

function readStartLog(folder: string, file: string): StartLog {
  const [head, ...rest] = readFileSync(join(folder, file), "utf8").split(/^---\n/m);
  return { ...Expected.parse(parse(head!)), name: file.replace(/\.log$/, ""), log: rest.join("---\n") };
}

/** What is wrong about our reading of a log; empty when nothing is. */
export function mistakes(expected: StartLog): string[] {
  const log = readableLog(expected.log);
  const circumstances: Circumstances = { phase: expected.phase, killed: KILLED[expected.end] };
  const finding = classifyFailure(log, circumstances);
  const { reason, cause, fix, stage } = finding.diagnosis ?? { reason: "engine_crashed", cause: "", fix: "" };
  const pairs: [what: string, found: unknown, expected: unknown][] = [
    ["class", reason, expected.reason],
    ["line", finding.line ?? null, expected.line],
    ["stage", stage, expected.stage],
  ];
  const wrong = pairs.filter(([, found, right]) => found !== right).map(([what, found]) => `${what}: ${found}`);
  if (!`${cause}; ${fix}`.includes(expected.says)) wrong.push(`advice: ${cause}; ${fix}`);
  if (expected.line !== null && !aroundCause(log, finding).includes(expected.line))
    wrong.push("excerpt without the line");
  return wrong;
}

const aroundCause = (log: string, { offset }: Finding) => excerpt(log, 50, offset);

/** Advice that would lead a user astray, which is worse than none. */
export const isMisleading = (wrong: string[]) =>
  wrong.some((mistake) => mistake.startsWith("advice: ") && !mistake.endsWith("; the log says where"));
