import type { Server } from "node:http";
import type { TruthLog } from "./answer/truth-log.ts";
import { BatchingEngine } from "./engine/batching-engine.ts";
import type { Clock } from "./engine/clock.ts";
import type { Engine } from "./engine/engine.ts";
import { PacedEngine } from "./engine/paced-engine.ts";
import { createSimulatedServer } from "./http/server.ts";
import type { SimulatorOptions } from "./options.ts";
import { readAnswers } from "./text/saved-answers.ts";
import { PRESETS } from "./timing/presets.ts";
import { uniformNumbers } from "./timing/random.ts";
import { noiseFactors } from "./timing/step-time.ts";
import { readTiming } from "./timing/timing-file.ts";

interface Surroundings {
  clock: Clock;
  truth: TruthLog | null;
  /** @param completed generations answered in full so far */
  onCompleted: (completed: number) => void;
}

export function kvCacheTokensOf({ kvCacheTokens, preset }: SimulatorOptions): number {
  return kvCacheTokens ?? PRESETS[preset].kvCacheTokens;
}

/** The server that the options describe, not yet listening. @throws Error when a file is wrong */
export async function assembleServer(
  options: SimulatorOptions,
  { clock, truth, onCompleted }: Surroundings,
): Promise<Server> {
  const { model, maxModelLen, answers, neverHealthy, failEvery = null, fault, faultEvery, faultFrom } = options;
  return createSimulatedServer({
    engine: await assembleEngine(options, clock),
    model: {
      name: model,
      maxModelLen,
      reasons: options.reasoning,
      answers: answers === undefined ? [] : await readAnswers(answers),
    },
    kvCacheTokens: kvCacheTokensOf(options),
    prefixCaching: options.enablePrefixCaching,
    apiKey: options.apiKey ?? null,
    aids: { neverHealthy, failEvery },
    faultPlan: fault.length === 0 ? null : { faults: Object.assign({}, ...fault), every: faultEvery, from: faultFrom },
    truth,
    onCompleted,
  });
}

async function assembleEngine(options: SimulatorOptions, clock: Clock): Promise<Engine> {
  const { fixedTtft, fixedItl, stagger, seed, maxNumSeqs, maxNumBatchedTokens, noise } = options;
  if (fixedTtft !== undefined && fixedItl !== undefined) {
    const phase = stagger ? uniformNumbers(seed) : () => 0;
    return new PacedEngine({ ttftMs: fixedTtft, itlMs: fixedItl, phase }, clock);
  }
  return new BatchingEngine({
    timing: options.timing === undefined ? PRESETS[options.preset].timing : await readTiming(options.timing),
    limits: { maxNumSeqs, maxNumBatchedTokens },
    kvCacheTokens: kvCacheTokensOf(options),
    prefixCaching: options.enablePrefixCaching,
    clock,
    noise: noiseFactors(noise, seed),
  });
}
