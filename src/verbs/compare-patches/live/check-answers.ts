import { join } from "node:path";
import { z } from "zod";
import type { Arm } from "../../../arms/arm.ts";
import { type Answers, comparedAnswers } from "../../../arms/commits/judge/answers.ts";
import type { ArmRecord } from "../../../arms/states/arm-record.ts";
import { postJson } from "../../../engine/server/page.ts";
import { startEngine } from "../../../engine/start.ts";
import { stopEngine } from "../../../engine/stop.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { parseJson } from "../../../files.ts";
import type { Tools } from "../../../tools.ts";
import { holdFolder } from "../../../working-folder/hold.ts";
import { inputsOfArm } from "../../compare/live/arm-inputs.ts";
import { type Builds, prepareArms } from "../../compare/live/prepare.ts";
import type { RunInputs } from "../../run/inputs.ts";
import { engineOptions } from "../../start-engine/options.ts";
import { stopRecorded } from "../../start-engine/stop.ts";

const ANSWER_TOKENS = 32;
const ANSWER_WITHIN_MS = 120_000;
const Completion = z.object({ choices: z.array(z.object({ text: z.string() })).min(1) });

/** Sums of different sizes: short prompts that any model goes on from in a way of its own. */
const QUESTIONS = Array.from({ length: 32 }, (_, index) => {
  const [one, other] = [17 * index + 3, 29 * index + 11];
  return `Question ${index + 1}: what is ${one} plus ${other}? Answer step by step:`;
});

interface Place {
  inputs: RunInputs;
  output: string;
}

/**
 * Asks two starts of the base, and one of each other arm, the same questions greedily, one at a time.
 * @param records the base's first; those without numbers are not asked
 * @returns by the arm's name; empty where the base does not answer twice
 */
export async function checkAnswers(
  records: readonly ArmRecord[],
  { inputs, output }: Place,
  tools: Tools,
): Promise<Map<string, Answers>> {
  const [base, ...arms] = records.filter(({ failure }) => failure === undefined).map(({ arm }) => arm);
  const found = new Map<string, Answers>();
  if (base === undefined || base !== records[0]!.arm || arms.length === 0) return found;
  await using _hold = await holdFolder(output);
  await stopRecorded(output, tools);
  await using builds = await prepareArms([base, ...arms], output, tools);
  const ask = (arm: Arm, name: string) =>
    tools.report.group(`Answers of ${name}`, () => asked(arm, { inputs, output: join(output, name) }, builds, tools));
  const [first, second] = [await ask(base, base.name), await ask(base, `${base.name}-again`)];
  if (first === undefined || second === undefined) return found;
  for (const arm of arms) {
    const answers = await ask(arm, arm.name);
    if (answers !== undefined) found.set(arm.name, comparedAnswers([first, second], answers));
  }
  return found;
}

/** @returns undefined, with a warning, for an engine that does not come up or does not answer */
async function asked(arm: Arm, { inputs, output }: Place, builds: Builds, tools: Tools): Promise<string[] | undefined> {
  const build = builds.of(arm);
  if (build.kind === "refused" || tools.signal.aborted) return undefined;
  const own = { ...inputsOfArm(arm, inputs), image: build.image, output };
  try {
    const options = engineOptions({ ...own, inputLen: [], outputLen: [], pairs: [] });
    const engine = await startEngine(options, { ...tools, env: build.env });
    try {
      const { baseUrl, model } = engine;
      const answers: string[] = [];
      for (const prompt of QUESTIONS) {
        const body = { model, prompt, max_tokens: ANSWER_TOKENS, temperature: 0, seed: 0 };
        const limits = { signal: tools.signal, limitMs: ANSWER_WITHIN_MS };
        const { text } = await postJson(`${baseUrl}/v1/completions`, body, limits);
        answers.push(parseJson(text, Completion, `the answer of ${arm.name}`).choices[0]!.text);
      }
      return answers;
    } finally {
      await stopEngine(engine);
    }
  } catch (error) {
    if (!(error instanceof UserError) || tools.signal.aborted) throw error;
    tools.report.warning(`${arm.name} was not asked: ${messageOf(error)}`);
    return undefined;
  }
}
