import { z } from "zod";
import { checked, listOf } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import { mistakeLines } from "../../mistakes.ts";
import { parsePythonJson, refuseNotFinite } from "../../result/vllm/python-json.ts";
import type { SourceFile } from "../imported-run.ts";
import type { Args } from "../vllm/args.ts";

/*
 * Benchmark format v3 of PyTorch's HUD: a list of records, one a metric, each with its benchmark, model and runners.
 * vLLM writes such beside its results (*.pytorch.json), with its arguments and without a time.
 */

const PytorchRecord = z.looseObject({
  timestamp: z.number().optional(),
  head_sha: z.string().optional(),
  head_branch: z.string().optional(),
  benchmark: z.looseObject({
    name: z.string(),
    dtype: z.string().nullish(),
    extra_info: z.looseObject({ args: z.looseObject({}).optional() }).nullish(),
  }),
  model: z.looseObject({ name: z.string().nullish(), backend: z.string().nullish() }),
  runners: z
    .array(
      z.looseObject({ name: z.string().optional(), type: z.string().optional(), gpu_count: z.number().optional() }),
    )
    .nullish(),
  metric: z.looseObject({
    name: z.string(),
    benchmark_values: listOf(z.number().nullable(), 1),
    extra_info: z.looseObject({}).nullish(),
  }),
});
export type PytorchRecord = z.infer<typeof PytorchRecord>;

/** @throws UserError naming the file and what in it is no record */
export function recordsIn({ text, name }: SourceFile): PytorchRecord[] {
  refuseNotFinite(text, name);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const isLines = lines.length > 1 && lines.every((line) => line.startsWith("{") && line.endsWith("}"));
  const value = isLines ? lines.map((line) => parsePythonJson(line, name)) : parsePythonJson(text, name);
  const parsed = checked(listOf(PytorchRecord, 1), Array.isArray(value) ? value : [value]);
  if (parsed.success) return parsed.data;
  throw new UserError(`${name} is not in PyTorch's benchmark format:\n${mistakeLines(parsed.error)}`);
}

/** Arguments of the command that wrote the record: all of them, defaults included. */
export const argsOf = ({ benchmark }: PytorchRecord): Args => benchmark.extra_info?.args ?? {};

/** Records as `exportPytorch` writes them name the cell that they are of. */
export const areOurs = (records: readonly PytorchRecord[]) =>
  records.every(({ benchmark }) => typeof benchmark.extra_info?.cell === "string");
