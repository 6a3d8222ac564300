import type { Server } from "node:http";
import { BatchingEngine } from "./batching-engine.ts";
import type { Clock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import type { SimulatorOptions } from "./options.ts";
import { PacedEngine } from "./paced-engine.ts";
import { PRESETS } from "./presets.ts";
import { uniformNumbers } from "./random.ts";
import { createSimulatedServer } from "./server.ts";
import { noiseFactors } from "./step-time.ts";
import { readTiming } from "./timing-file.ts";
import type { TruthLog } from "./truth-log.ts";

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
export function assembleServer(options: SimulatorOptions, { clock, truth, onCompleted }: Surroundings): Server {
  const { model, maxModelLen, neverHealthy, failEvery = null, fault, faultEvery, faultFrom } = options;
  return createSimulatedServer({
    engine: assembleEngine(options, clock),
    model: { name: model, maxModelLen },
    kvCacheTokens: kvCacheTokensOf(options),
    prefixCaching: options.enablePrefixCaching,
    aids: { neverHealthy, failEvery },
    faultPlan: fault.length === 0 ? null : { faults: Object.assign({}, ...fault), every: faultEvery, from: faultFrom },
    truth,
    onCompleted,
  });
}

function assembleEngine(options: SimulatorOptions, clock: Clock): Engine {
  const { fixedTtft, fixedItl, stagger, seed, maxNumSeqs, maxNumBatchedTokens, noise } = options;
  if (fixedTtft !== undefined && fixedItl !== undefined) {
    const phase = stagger ? uniformNumbers(seed) : () => 0;
    return new PacedEngine({ ttftMs: fixedTtft, itlMs: fixedItl, phase }, clock);
  }
  return new BatchingEngine({
    timing: options.timing === undefined ? PRESETS[options.preset].timing : readTiming(options.timing),
    limits: { maxNumSeqs, maxNumBatchedTokens },
    kvCacheTokens: kvCacheTokensOf(options),
    prefixCaching: options.enablePrefixCaching,
    clock,
    noise: noiseFactors(noise, seed),
  });
}
