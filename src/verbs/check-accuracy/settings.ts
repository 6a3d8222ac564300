import { type AccuracySettings, layered, readAccuracyFile } from "../../accuracy/settings/accuracy-file.ts";
import { present } from "../../result/present.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";

/** The variable that names an accuracy.yaml, as vllm_cibench has it. */
export const ACCURACY_VARIABLE = "VLLM_CIBENCH_ACCURACY_CONFIG";

/**
 * What inputs and files say together: inputs go before accuracy.yaml, and that before a profile.
 * @throws UsageError for files that are none
 */
export async function settingsOf(inputs: CheckAccuracyInputs, env: NodeJS.ProcessEnv): Promise<AccuracySettings> {
  const { accuracyConfig, accuracyProfile } = inputs;
  const path = accuracyConfig ?? (env[ACCURACY_VARIABLE] || undefined);
  const flag = accuracyConfig === undefined ? ACCURACY_VARIABLE : "--accuracy-config";
  const named = path === undefined ? undefined : await readAccuracyFile(path, flag);
  const profile =
    accuracyProfile === undefined ? undefined : await readAccuracyFile(accuracyProfile, "--accuracy-profile");
  return layered({ given: givenBy(inputs), named, profile });
}

function givenBy(inputs: CheckAccuracyInputs): AccuracySettings {
  return present({
    task: inputs.accuracyTask,
    dataset_file: inputs.samplesFile,
    dataset_format: inputs.samplesFormat,
    max_samples: inputs.maxSamples,
    strip: inputs.strip,
    case_insensitive: inputs.caseInsensitive,
    temperature: inputs.temperature,
    max_tokens: inputs.maxTokens,
    num_threads: inputs.parallel,
    min_score: inputs.minScore,
  });
}
