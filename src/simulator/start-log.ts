import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { SimulatorOptions } from "./options.ts";

/** Shares of --start-delay, chosen by eye; what is left has no line in vLLM's log either. */
const WEIGHTS = 0.25;
const MODEL = 0.3;
const COMPILE = 0.3;
const PROFILE = 0.1;
const GRAPHS = 0.2;
/** Of the time to compile: what it still takes to read back what was compiled before. */
const CACHED = 0.1;
/** Stands for compiled code in a cache folder. */
const COMPILED = "simulated-engine-compiled";

/** Takes as long as the start is to take, and says where the time went in vLLM's words. */
export async function playStart(
  { startDelay: delay, compileCache }: Pick<SimulatorOptions, "startDelay" | "compileCache">,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const cache = compileCache ? env.VLLM_CACHE_ROOT : undefined;
  const isCompiled = cache !== undefined && existsSync(join(cache, COMPILED));
  const compile = delay * COMPILE * (isCompiled ? CACHED : 1);
  const init = compile + delay * (PROFILE + GRAPHS);
  await phase(delay * WEIGHTS, (took) => `Loading weights took ${took} seconds`);
  await phase(
    delay * (MODEL - WEIGHTS),
    () => `Model loading took 0.00 GiB memory and ${(delay * MODEL).toFixed(6)} seconds`,
  );
  await phase(compile, (took) => `torch.compile took ${took} s in total`);
  await phase(delay * PROFILE, (took) => `Initial profiling/warmup run took ${took} s`);
  await phase(delay * GRAPHS, (took) => `Graph capturing finished in ${took} secs, took 0.00 GiB`);
  await phase(0, () => `init engine (profile, create kv cache, warmup model) took ${init.toFixed(2)} s`);
  await pause(delay * (1 - MODEL - COMPILE - PROFILE - GRAPHS) * 1000);
  if (cache !== undefined) remember(cache);
}

function remember(cache: string): void {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, COMPILED), "");
}

async function phase(seconds: number, sentence: (took: string) => string): Promise<void> {
  await pause(seconds * 1000);
  process.stderr.write(`(EngineCore pid=0) INFO [core.py] ${sentence(seconds.toFixed(2))} (simulated)\n`);
}
