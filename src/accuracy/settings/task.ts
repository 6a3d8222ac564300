import { UserError } from "../../errors.ts";
import type { Matching, Sample } from "../sample.ts";
import type { SampleParts } from "../samples/raw-sample.ts";
import { identified, readSampleFile } from "../samples/read-samples.ts";
import { SMOKE, SMOKE_MATCHING } from "../samples/smoke.ts";
import { type AccuracySettings, mostSamples } from "./accuracy-file.ts";

/** The task that we ship samples of. */
export const SMOKE_TASK = "smoke";

/** What is asked, under a name. */
export interface Task {
  name: string;
  samples: readonly Sample[];
  matching: Matching;
}

/**
 * The samples that settings name, else those of the task `smoke`.
 * @throws UserError for a task without samples, or samples that cannot be read: none are ever made up
 */
export async function taskOf(settings: AccuracySettings): Promise<Task> {
  const { task, samples, samples_file, dataset_file, dataset_format, strip, case_insensitive } = settings;
  const path = samples_file ?? dataset_file;
  const isOwn = samples !== undefined || path !== undefined;
  if (!isOwn && task !== undefined && task !== SMOKE_TASK) throw noSamples(task);
  const usual = isOwn ? { strip: true, caseInsensitive: false } : SMOKE_MATCHING;
  const matching = { strip: strip ?? usual.strip, caseInsensitive: case_insensitive ?? usual.caseInsensitive };
  const parts: readonly SampleParts[] =
    samples ?? (path === undefined ? SMOKE : await readSampleFile({ path, format: dataset_format }));
  return {
    name: task ?? (isOwn ? "samples" : SMOKE_TASK),
    samples: identified(parts, matching, mostSamples(settings)),
    matching,
  };
}

function noSamples(task: string): UserError {
  return new UserError(
    `there are no samples of the task “${task}”: name a file of them (--samples-file, or samples_file in accuracy.yaml), ` +
      `or ask for the task ${SMOKE_TASK}, whose samples pitwall brings`,
  );
}
