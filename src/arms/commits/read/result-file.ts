import { z } from "zod";
import { checked } from "../../../checked.ts";
import { UserError } from "../../../errors.ts";
import { mistakeLines } from "../../../mistakes.ts";
import type { Metrics } from "../../../result/metrics/metric.ts";
import { present } from "../../../result/present.ts";
import { parsePythonJson } from "../../../result/vllm/python-json.ts";
import { Comparison } from "../../comparison.ts";
import type { ArmKind, ArmResult, End } from "../arm-result.ts";
import { Accuracy } from "../judge/accuracy.ts";
import { Answers } from "../judge/answers.ts";
import { endOf, isForced } from "./failed-end.ts";
import { settingsOf } from "./settings.ts";
import { filledUp, metricsOf } from "./spellings.ts";
import { numbersPrinted } from "./stdout-numbers.ts";

const text = z.string().nullish();

/**
 * ISO-Bench's result files, in all the forms that there have been: the commit as human_commit, commit or commit_short; numbers
 * in metrics, beside the status, or only in what was printed.
 */
const ResultFile = z.looseObject({
  status: z.enum(["success", "error", "timeout", "skipped", "image_missing", "patch_failed", "no_patch"]),
  ...{ human_commit_full: text, commit_full: text, model: text },
  ...{ error: text, skip_reason: text, raw_output: text, logs: text, docker_image: text, image: text },
  metrics: z.record(z.string(), z.unknown()).nullish(),
  ...{ agent: text, attempt: z.int().positive().nullish(), question: text },
  ...{ beside_baseline: z.array(Comparison).nullish(), beside_human: z.array(Comparison).nullish() },
  another_load: z.array(Comparison).nullish(),
  answers: Answers.nullish(),
  accuracy_beside_base: Accuracy.nullish(),
});
type ResultFile = z.output<typeof ResultFile>;

interface Named {
  path: string;
  arm: ArmKind;
  /** The first digits of the commit in the file's name. */
  short: string;
}

/** @throws UserError for what is no such file, or of another commit than its name says */
export function readResult(content: string, { path, arm, short }: Named): ArmResult {
  const parsed = checked(ResultFile, parsePythonJson(content, path));
  if (!parsed.success) throw new UserError(`${path} is no result of an arm:\n${mistakeLines(parsed.error)}`);
  const file = parsed.data;
  const commit = file.human_commit_full ?? file.commit_full ?? short;
  if (!commit.startsWith(short)) throw new UserError(`${path} is of ${commit}, and its name says ${short}`);
  const printed = file.raw_output ?? file.logs ?? "";
  const numbers = numbersPrinted(printed);
  const metrics = filledUp(ownMetrics(file), numbers);
  const problem = file.error ?? file.skip_reason ?? undefined;
  const end = arm === "agent" && isForced(printed) ? "patch_failed" : endFrom(file, metrics, printed);
  const isMeasured = end === "measured";
  return {
    ...{ file: path, arm, commit, end },
    ...present({
      error: isMeasured
        ? undefined
        : (problem ?? (file.status === "success" ? "a success without any number" : file.status)),
      image: file.docker_image ?? file.image,
      printed: printed === "" ? undefined : printed,
      ...{ agent: file.agent, attempt: file.attempt, question: file.question },
      ...{
        besideBaseline: file.beside_baseline,
        besideHuman: file.beside_human,
        anotherLoad: file.another_load,
        answers: file.answers,
        accuracy: file.accuracy_beside_base,
      },
    }),
    metrics: isMeasured ? metrics : {},
    settings: settingsOf({ file, metrics, printed, numbers }),
  };
}

/** Those of metrics; where there are none, those beside the status. */
function ownMetrics(file: ResultFile): Metrics {
  const inner = metricsOf(spelled(file, file.metrics ?? {}));
  return Object.keys(inner).length > 0 ? inner : metricsOf(spelled(file, file));
}

/** The offline script's only rate, which is of prompts and answers together, was stored under the name of answers alone. */
function spelled({ benchmark_type }: ResultFile, numbers: Readonly<Record<string, unknown>>) {
  const { throughput_tok_s, ...others } = numbers;
  return benchmark_type === "throughput" ? { ...others, total_token_throughput_tok_s: throughput_tok_s } : numbers;
}

function endFrom({ status, error }: ResultFile, metrics: Metrics, printed: string): End {
  if (status === "success") return Object.keys(metrics).length > 0 ? "measured" : "failed";
  if (status === "error") return endOf(error ?? "", printed);
  return status;
}
