import { z } from "zod";

const seconds = z.number().nonnegative().optional();

/**
 * Where an engine's start went, as its own log tells; a phase that the log does not name is absent, never 0.
 * They overlap and leave gaps: weights are part of the model, compiling and capturing part of the initialising.
 */
export const StartPhases = z.strictObject({
  weightsSeconds: seconds.meta({ description: "Reading the weights." }),
  modelSeconds: seconds.meta({ description: "Loading the model, weights included." }),
  compileSeconds: seconds.meta({ description: "torch.compile, or reading what it had cached." }),
  profileSeconds: seconds.meta({ description: "Measuring the memory that is left for the KV cache." }),
  graphCaptureSeconds: seconds.meta({ description: "Capturing CUDA graphs." }),
  initSeconds: seconds.meta({ description: "Profiling, making the KV cache and warming up, all together." }),
});
export type StartPhases = z.infer<typeof StartPhases>;

/**
 * Lines of vLLM 0.6 to 0.32, as its sources word them:
 * - `Model loading took 0.9 GiB memory and 3.2 seconds`; older ones `… 0.9 GB and 3.2 seconds` or
 *   `… 0.9 GiB and 3.2 seconds`, the oldest only the gigabytes.
 * - `torch.compile takes 21.3 s in total`, later `torch.compile took …` and `torch.compile and initial profiling/warmup
 *   run together took …`; newer ones repeat it as `init engine (…) took 70.6 s (compilation: 21.3 s)`.
 * - `Graph capturing finished in 20 secs, took 0.5 GiB`; that of a multimodal encoder is another line.
 */
const LINES: Record<keyof StartPhases, RegExp> = {
  weightsSeconds: /\bLoading weights took ([\d.]+) seconds/g,
  modelSeconds: /\bModel loading took [\d.]+ Gi?B(?: memory)? and ([\d.]+) seconds/g,
  compileSeconds:
    /(?:\btorch\.compile (?:takes|took|and initial profiling\/warmup run together took)|\(compilation:) ([\d.]+) s\b/g,
  profileSeconds: /\b(?:Memory profiling takes|Initial profiling\/warmup run took) ([\d.]+) s/g,
  graphCaptureSeconds: /(?<!Encoder )\bGraph capturing finished in ([\d.]+) secs/g,
  initSeconds: /\binit engine \(profile, create kv cache, warmup model\) took ([\d.]+) s/g,
};

/**
 * Phases of the start that a log tells. Workers of a tensor-parallel engine each tell theirs: the slowest counts, for
 * the others wait for it.
 * @returns undefined when the log names none
 */
export function startPhasesOf(log: string): StartPhases | undefined {
  const found = Object.entries(LINES).flatMap(([phase, line]) => {
    const values = [...log.matchAll(line)].map(([, value]) => Number(value)).filter(Number.isFinite);
    return values.length > 0 ? [[phase, Math.max(...values)] as const] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
