import { join } from "node:path";
import type { SampleOutcome } from "../../../accuracy/score-samples.ts";
import type { Arm } from "../../../arms/arm.ts";
import type { Accuracy } from "../../../arms/commits/judge/accuracy.ts";
import { type Answers, comparedAnswers } from "../../../arms/commits/judge/answers.ts";
import type { ArmRecord } from "../../../arms/states/arm-record.ts";
import { startEngine } from "../../../engine/start.ts";
import { stopEngine } from "../../../engine/stop.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { present } from "../../../result/present.ts";
import type { Tools } from "../../../tools.ts";
import { holdFolder } from "../../../working-folder/hold.ts";
import { inputsOfArm } from "../../compare/live/arm-inputs.ts";
import { type Builds, prepareArms } from "../../compare/live/prepare.ts";
import type { RunInputs } from "../../run/inputs.ts";
import { engineOptions } from "../../start-engine/options.ts";
import { stopRecorded } from "../../start-engine/stop.ts";
import { accuracyBeside, askAccuracy } from "./ask-accuracy.ts";
import { askAnswers } from "./ask-answers.ts";

interface Place {
  inputs: RunInputs;
  output: string;
  /** What is asked of each build. */
  checks: { answers: boolean; accuracy: boolean };
}

/** What one start of a build said. */
interface Said {
  answers?: string[];
  outcomes?: SampleOutcome[];
}

/** A build beside its base: whether it answers the same, and as right. */
interface Checked {
  answers?: Answers;
  accuracy?: Accuracy;
}

/**
 * Starts the base, twice where answers are compared, and each other arm once, and asks them all the same.
 * @param records the base's first; those without numbers are not asked
 * @returns by the arm's name; empty where the base does not answer
 */
export async function checkBuilds(
  records: readonly ArmRecord[],
  place: Place,
  tools: Tools,
): Promise<Map<string, Checked>> {
  const { output, checks } = place;
  const [base, ...arms] = records.filter(({ failure }) => failure === undefined).map(({ arm }) => arm);
  const found = new Map<string, Checked>();
  if (base === undefined || base !== records[0]!.arm || arms.length === 0) return found;
  await using _hold = await holdFolder(output);
  await stopRecorded(output, tools);
  await using builds = await prepareArms([base, ...arms], output, tools);
  const ask = (arm: Arm, name: string, what = checks) =>
    tools.report.group(`Answers of ${name}`, () =>
      asked(arm, { ...place, checks: what, output: join(output, name) }, builds, tools),
    );
  const first = await ask(base, base.name);
  const second = checks.answers ? await ask(base, `${base.name}-again`, { answers: true, accuracy: false }) : undefined;
  for (const arm of first === undefined ? [] : arms) {
    const said = await ask(arm, arm.name);
    if (said !== undefined) found.set(arm.name, beside(first!, second, said));
  }
  return found;
}

function beside(base: Said, again: Said | undefined, { answers, outcomes }: Said): Checked {
  const twice = [base.answers, again?.answers] as const;
  const isAsked = twice[0] !== undefined && twice[1] !== undefined && answers !== undefined;
  return present({
    answers: isAsked ? comparedAnswers([twice[0]!, twice[1]!], answers) : undefined,
    accuracy: base.outcomes && outcomes && accuracyBeside(base.outcomes, outcomes),
  });
}

/** @returns undefined, with a warning, for an engine that does not come up or does not answer */
async function asked(
  arm: Arm,
  { inputs, output, checks }: Place,
  builds: Builds,
  tools: Tools,
): Promise<Said | undefined> {
  const build = builds.of(arm);
  if (build.kind === "refused" || tools.signal.aborted) return undefined;
  const own = { ...inputsOfArm(arm, inputs), image: build.image, output };
  try {
    const options = engineOptions({ ...own, inputLen: [], outputLen: [], pairs: [] });
    const engine = await startEngine(options, { ...tools, env: build.env });
    // One that was started as a server has an address.
    const server = { baseUrl: engine.baseUrl!, model: engine.model };
    try {
      return {
        ...(checks.answers ? { answers: await askAnswers(server, arm.name, tools.signal) } : {}),
        ...(checks.accuracy ? { outcomes: await askAccuracy(server, inputs, tools.signal) } : {}),
      };
    } finally {
      await stopEngine(engine);
    }
  } catch (error) {
    if (!(error instanceof UserError) || tools.signal.aborted) throw error;
    tools.report.warning(`${arm.name} was not asked: ${messageOf(error)}`);
    return undefined;
  }
}
