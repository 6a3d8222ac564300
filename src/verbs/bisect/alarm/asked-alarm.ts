import type { StoredNumber } from "../../../arms/bisect/evidence.ts";
import { readContent } from "../../../database/read/read.ts";
import { shownContent } from "../../../database/read/shown.ts";
import { UsageError } from "../../../errors.ts";
import type { BisectBuild } from "../../../result/document/bisect.ts";
import type { Run } from "../../../result/document/run.ts";
import type { Tools } from "../../../tools.ts";
import { historyHome } from "../../history/home.ts";
import { sayWhatIsDamaged } from "../../history/report-skipped.ts";
import { kebabCase } from "../../schema/resolve-inputs.ts";
import type { BisectInputs } from "../inputs.ts";
import { type Alarm, alarmOf } from "./alarm.ts";

/** The alarm that the inputs name, looked up in the history; null: they name none. @throws UsageError, UserError */
export async function askedAlarm(inputs: BisectInputs, { env, report, signal }: Tools): Promise<Alarm | null> {
  const { run, series } = inputs;
  if (run === undefined && series === undefined) {
    if (inputs.force) throw new UsageError("--force goes with an alarm: --run ID --series “CELL METRIC”");
    return null;
  }
  if (run === undefined || series === undefined) {
    throw new UsageError("an alarm is a run and one of its series: give --run ID and --series “CELL METRIC”");
  }
  const stray = (["good", "bad", "versions", "cell", "metric"] as const).find((key) => inputs[key] !== undefined);
  if (stray !== undefined) {
    throw new UsageError(`--${kebabCase(stray)} does not go with --run: all of that is taken from the alarm`);
  }
  const { source, token } = await historyHome(inputs, env);
  const content = shownContent(await readContent(source, { env, token, signal }));
  sayWhatIsDamaged(content.problems, true, report);
  return alarmOf(content, run, series);
}

/** The same inputs with engine and model of the alarm's run; its arguments where none were given. @throws UsageError */
export function inputsOfAlarm<I extends BisectInputs>(inputs: I, { run: { engine, model, configuration } }: Alarm): I {
  if (engine.kind !== "vllm" && engine.kind !== "docker" && engine.kind !== "simulated") {
    throw new UsageError(`the alarm's engine was of the kind ${engine.kind}, which a bisect cannot start`);
  }
  const engineArgs = inputs.engineArgs.length > 0 ? inputs.engineArgs : engine.args;
  return { ...inputs, engine: engine.kind, model: model.name, engineArgs, configuration };
}

/** @throws UsageError on another machine than the alarm's, unless that is forced */
export function requireHostOf({ run }: Alarm, here: Run["host"], force: boolean): void {
  const there = run.host;
  const isSame = there.label === here.label && there.gpu === here.gpu && there.gpuCount === here.gpuCount;
  if (isSame || force) return;
  const words = ({ label, gpu, gpuCount }: Run["host"]) =>
    `${label} (${gpu === null ? "no GPU" : `${gpuCount ?? "?"} × ${gpu}`})`;
  throw new UsageError(
    `the alarm is of ${words(there)}, and this is ${words(here)}: go there, name this one with --host-label if it is the ` +
      "same, or give --force to look for the change here",
  );
}

/** Numbers of the history at commits of the line, which tell where to look first. */
export function alarmNumbers({ numbers }: Alarm, builds: readonly BisectBuild[]): StoredNumber[] {
  const places = new Map(builds.map(({ name }, place) => [name, place]));
  return numbers.flatMap(({ commit, logRatio, spread }) => {
    const place = places.get(commit);
    return place === undefined || place === 0 ? [] : [{ commit: place, logRatio, spread }];
  });
}
