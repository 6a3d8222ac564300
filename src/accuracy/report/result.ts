import { z } from "zod";
import { CellParams } from "../../result/document/cell.ts";
import { PAIRED_VERDICTS } from "../statistics/paired.ts";
import { GATE_ANSWERS } from "../statistics/score-gate.ts";

const count = z.int().nonnegative();
const share = z.number();

/** What became of one sample. */
const SampleResult = z.strictObject({
  id: z.string(),
  outcome: z.enum(["correct", "wrong", "unanswered"]),
  question: z.string(),
  right: z.string().optional().meta({ description: "What would have been right." }),
  answer: z.string().optional().meta({ description: "The part of the answer that was graded." }),
  why: z.string().optional().meta({ description: "What was wrong with an answer that is none." }),
  detail: z.string().optional(),
});
export type SampleResult = z.infer<typeof SampleResult>;

const Comparison = z.strictObject({
  against: z.string().meta({ description: "The earlier run, in words." }),
  verdict: z.enum(PAIRED_VERDICTS),
  samples: count.meta({ description: "Samples that both runs answered." }),
  change: share.meta({ description: "Of the score on these, from -1 to 1." }),
  p: share.meta({ description: "Exact two-sided McNemar test." }),
  lost: z.array(z.string()).meta({ description: "Ids of samples that were right and are wrong now." }),
  gained: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;

/** One task. `task`, `score`, `correct`, `total` and `ok` are vllm_cibench's. */
export const TaskResult = z.strictObject({
  task: z.string(),
  score: share.optional().meta({ description: "Absent where a sample was not answered." }),
  correct: count.optional(),
  total: count.meta({ description: "Samples asked." }),
  ok: z.boolean().meta({ description: "All were answered, and the score is the least that was asked for, or more." }),
  status: z.enum(["complete", "incomplete"]),
  answered: count,
  unanswered: z.record(z.string(), count).meta({ description: "How many, by what was wrong with the answer." }),
  interval: z.tuple([share, share]).optional().meta({ description: "95 % interval of the score." }),
  metric: z.string().optional().meta({ description: "What another evaluator calls the score." }),
  minScore: share,
  gate: z.enum(GATE_ANSWERS),
  samplesToDecide: count.optional().meta({ description: "So many samples would decide, if the score stayed." }),
  namesNoChoice: count.meta({ description: "Wrong answers to a multiple choice that name none." }),
  truncated: count.meta({ description: "Answers that the limit of tokens cut." }),
  params: CellParams.meta({ description: "What was asked, as it is in the cell." }),
  comparison: Comparison.optional(),
  samples: z.array(SampleResult),
});
export type TaskResult = z.infer<typeof TaskResult>;

/** `<out>/accuracy.json` */
export const AccuracyReport = z.strictObject({
  schema: z.literal("pitwall.accuracy/1"),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  model: z.string(),
  engine: z.strictObject({ kind: z.string(), version: z.string().nullable() }),
  simulated: z
    .boolean()
    .meta({ description: "No model answered: the numbers say nothing of one, and no gate takes them." }),
  evaluator: z.strictObject({ kind: z.string(), version: z.string() }),
  results: z.array(TaskResult),
});
export type AccuracyReport = z.infer<typeof AccuracyReport>;
