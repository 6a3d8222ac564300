import { z } from "zod";
import { parseWith } from "../../result/vllm/python-json.ts";

const Row = z.record(z.string(), z.unknown());
const textual = z.union([z.string(), z.number()]).transform(String);

/** As lm-eval 0.4.13 writes it; `NaN`, which is no JSON, is read as null. */
const File = z.object({
  results: z.record(z.string(), Row),
  groups: z.record(z.string(), Row).optional(),
  group_subtasks: z.record(z.string(), z.array(z.string())).optional(),
  versions: z.record(z.string(), textual.nullable().catch(null)).optional(),
  "n-shot": z.record(z.string(), z.unknown()).optional(),
  "n-samples": z.record(z.string(), z.object({ effective: z.int().nonnegative() })).optional(),
  higher_is_better: z.record(z.string(), z.record(z.string(), z.boolean().nullable())).optional(),
  task_hashes: z.record(z.string(), z.string()).optional(),
  lm_eval_version: z.string(),
});

/** One score of one task or group: a metric by one filter. */
export interface LmEvalScore {
  task: string;
  metric: string;
  filter: string;
  score: number;
  /** Absent where it tells none. */
  standardError?: number;
  samples: number;
  taskVersion: string;
  /** Absent for a group. */
  taskHash?: string;
  fewShot?: number;
}

/** A number that is no score, and why. */
interface LeftOut {
  name: string;
  why: string;
}

export interface LmEvalResults {
  version: string;
  scores: LmEvalScore[];
  leftOut: LeftOut[];
}

/** @throws UserError naming the file, where it is no result of lm-eval */
export function readLmEvalResults(text: string, path: string): LmEvalResults {
  const file = parseWith(File, text, path, "lm-eval");
  const rows = Object.entries({ ...file.results, ...file.groups });
  const judged = rows.flatMap(([task, row]) =>
    Object.entries(row).flatMap(([key, value]) => {
      const [metric = "", filter] = key.split(",");
      return filter === undefined || metric.endsWith("_stderr")
        ? []
        : [judge(file, { task, row, metric, filter, value })];
    }),
  );
  return {
    version: file.lm_eval_version,
    scores: judged.filter((one) => "score" in one),
    leftOut: judged.filter((one) => "why" in one),
  };
}

type File = z.infer<typeof File>;

interface Entry {
  task: string;
  row: z.infer<typeof Row>;
  metric: string;
  filter: string;
  value: unknown;
}

function judge(file: File, { task, row, metric, filter, value }: Entry): LmEvalScore | LeftOut {
  const leftOut = (why: string): LeftOut => ({ name: `${task} ${metric},${filter}`, why });
  if (typeof value !== "number") return leftOut("it is no number");
  if (metric === "bypass") return leftOut("nothing was scored (--predict_only)");
  if (file.higher_is_better?.[task]?.[metric] === false) return leftOut("less is better, so it is no score");
  if (value < 0 || value > 1) return leftOut(`${value} is no share of 1`);
  const samples = samplesOf(file, task, `${metric},${filter}`);
  if (samples === 0) return leftOut("nobody says of how many samples it is");
  const error = row[`${metric}_stderr,${filter}`];
  const [hash, shots] = [file.task_hashes?.[task], file["n-shot"]?.[task]];
  return {
    ...{ task, metric, filter, score: value, samples },
    taskVersion: file.versions?.[task] ?? "none",
    ...(typeof error === "number" ? { standardError: error } : {}),
    ...(hash === undefined ? {} : { taskHash: hash }),
    ...(typeof shots === "number" ? { fewShot: shots } : {}),
  };
}

/** Those of a group are its tasks' which have this metric: it has none of the others in it. Tasks may be groups themselves. */
function samplesOf(file: File, task: string, key: string, above: readonly string[] = []): number {
  const own = file["n-samples"]?.[task]?.effective;
  if (own !== undefined) return key in (file.results[task] ?? {}) ? own : 0;
  if (above.includes(task)) return 0;
  const tasks = file.group_subtasks?.[task] ?? [];
  return tasks.reduce((total, one) => total + samplesOf(file, one, key, [...above, task]), 0);
}
