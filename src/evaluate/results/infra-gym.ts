import type { PhaseTests } from "../grade/phase-tests.ts";
import type { Status } from "../grade/status.ts";
import type { Graded } from "./graded.ts";

/** Tests of one phase, as infra-gym's result.json lists them. */
interface PhaseLists {
  passed: string[];
  failed: string[];
  errors: string[];
  skipped: string[];
}

const STATUS_WORDS: Record<Status, "success" | "partial" | "timeout" | "error"> = {
  ...{ resolved: "success", partial: "partial", unresolved: "partial", timeout: "timeout" },
  ...{ patch_failed: "error", no_tests: "error", environment: "error", error: "error" },
};

/** result.json in infra-gym's shape, whose “success” here means that the instance is resolved. */
export function infraGymResult({ instance, grade, phases, saved }: Graded) {
  return {
    ...{ instance_id: instance.id, version: instance.version ?? "", base_commit: instance.baseCommit },
    ...{ phase1: listsOf(phases?.before), phase2: listsOf(phases?.after) },
    ...{ FAIL_TO_PASS: grade.failToPass.passed, PASS_TO_PASS: grade.passToPass.passed },
    ...{ status: STATUS_WORDS[grade.status], error_message: grade.detail },
    timestamps: timestampsOf(saved),
    ...{ regressions: grade.regressions, both_failed: grade.bothFailed },
  };
}

function listsOf(phase: PhaseTests | undefined): PhaseLists {
  if (phase === undefined) return { passed: [], failed: [], errors: [], skipped: [] };
  const by = Map.groupBy(phase.ids, (id) => phase.state(id));
  const of = (...states: ReturnType<PhaseTests["state"]>[]) => states.flatMap((state) => by.get(state) ?? []);
  return {
    ...{ passed: of("passed"), failed: of("failed", "unstable"), errors: [...phase.broken, ...of("error")] },
    skipped: of("skipped", "xfailed"),
  };
}

/** Seconds since 1970; 0 for what was never reached. */
function timestampsOf(saved: Graded["saved"]) {
  if (saved === undefined) return { start: 0, phase1_start: 0, phase1_end: 0, phase2_start: 0, phase2_end: 0, end: 0 };
  const { repository, patches, setUp, before, after } = saved.stages;
  const start = Date.parse(saved.startedAt) / 1000;
  const phase1 = start + repository + patches + setUp;
  const [end1, end2] = [phase1 + before, phase1 + before + after];
  if (saved.kind !== "phases")
    return { start, phase1_start: 0, phase1_end: 0, phase2_start: 0, phase2_end: 0, end: end2 };
  return { start, phase1_start: phase1, phase1_end: end1, phase2_start: end1, phase2_end: end2, end: end2 };
}

/** benchmark_results.json: sums of each instance that was asked for, by its id; of what has no report they are 0. */
export const benchmarkResults = (results: readonly Graded[]) =>
  Object.fromEntries(
    results.map(({ instance, grade, phases }) => {
      const { tests = 0, failures = 0, errors = 0, skipped = 0, seconds = 0 } = phases?.after.counts ?? {};
      const passed = Math.max(0, tests - failures - errors - skipped);
      return [instance.id, { tests, failures, errors, skipped, time: seconds, passed, status: grade.status }];
    }),
  );
