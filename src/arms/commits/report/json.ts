import { present } from "../../../result/present.ts";
import type { ArmResult } from "../arm-result.ts";
import { primaryOf } from "../judge/difference.ts";
import type { JudgedTask, PatchReport } from "./patch-report.ts";

/** All of a report, for programs: absent where nothing was measured, never 0. */
export function reportJson({ margin, agents, tasks, categories, tallies, optAtK, ranking }: PatchReport) {
  return {
    ...{ margin, total: tasks.length, agents, categories },
    commits: tasks.map(commitJson),
    ...{ tallies, optAtK: optAtK.map(present), ranking },
  };
}

function commitJson({ task, short, category, verdicts }: JudgedTask) {
  const { commit, pair, human, baseline } = task;
  return present({
    ...{ commit, short, category, parent: pair?.parent },
    model: pair?.model ?? human?.settings.model,
    ...{ originalModel: pair?.originalModel, perfCommand: pair?.perfCommand },
    ...{ baseline: armJson(baseline), human: armJson(human) },
    attempts: verdicts.map(({ attempt, difference, published, state, detail, blame, speedUp }) =>
      present({
        ...{ agent: attempt.agent, arm: armJson(attempt.result), published, state, detail, blame, speedUp },
        ...{ differencePercent: difference?.percent, accuracy: attempt.result.accuracy },
      }),
    ),
  });
}

function armJson(result: ArmResult | undefined) {
  if (result === undefined) return undefined;
  const { file, end, error, image, metrics, settings } = result;
  const primary = primaryOf(result);
  const rate = settings.requestRate === Number.POSITIVE_INFINITY ? { requestRate: "inf" } : {};
  const numbers = { metric: primary?.metric, value: primary?.value, error, image, metrics };
  return present({ end, ...numbers, settings: { ...settings, ...rate }, file });
}
