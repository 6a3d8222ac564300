import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { SimulatorOptions } from "./options.ts";
import { startSeconds } from "./start-seconds.ts";

/** Stands for compiled code in a cache folder. */
const COMPILED = "simulated-engine-compiled";

/** Takes as long as the start is to take, and says where the time went in vLLM's words. */
export async function playStart(
  { startDelay, compileCache }: Pick<SimulatorOptions, "startDelay" | "compileCache">,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const cache = compileCache ? env.VLLM_CACHE_ROOT : undefined;
  const isCompiled = cache !== undefined && existsSync(join(cache, COMPILED));
  const { weights, model, compile, profile, graphs, init, rest } = startSeconds(startDelay, isCompiled);
  await phase(weights, `Loading weights took ${weights.toFixed(2)} seconds`);
  await phase(model - weights, `Model loading took 0.00 GiB memory and ${model.toFixed(6)} seconds`);
  await phase(compile, `torch.compile took ${compile.toFixed(2)} s in total`);
  await phase(profile, `Initial profiling/warmup run took ${profile.toFixed(2)} s`);
  await phase(graphs, `Graph capturing finished in ${graphs.toFixed(2)} secs, took 0.00 GiB`);
  await phase(0, `init engine (profile, create kv cache, warmup model) took ${init.toFixed(2)} s`);
  await pause(rest * 1000);
  if (cache !== undefined) remember(cache);
}

function remember(cache: string): void {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, COMPILED), "");
}

async function phase(seconds: number, sentence: string): Promise<void> {
  await pause(seconds * 1000);
  process.stderr.write(`(EngineCore pid=0) INFO [core.py] ${sentence} (simulated)\n`);
}
