/** Places for instances side by side, and the GPUs that they need; whoever asks first is served first. */
export interface Resources {
  /** Waits for a place and as many GPUs. @throws the signal's reason */
  take(gpus: number, signal: AbortSignal): Promise<Taken>;
  /** All GPUs that there are. */
  gpuCount: number;
}

interface Taken {
  gpus: readonly string[];
  release(): void;
}

interface Waiting {
  gpus: number;
  serve(taken: Taken): void;
}

/** @param jobs instances at once @param gpus their numbers */
export function makeResources(jobs: number, gpus: readonly string[]): Resources {
  let places = jobs;
  const free = [...gpus];
  const waiting: Waiting[] = [];
  const serve = () => {
    // One that needs many GPUs is not overtaken for ever by those that need one.
    while (waiting.length > 0 && places > 0 && free.length >= waiting[0]!.gpus) {
      const next = waiting.shift()!;
      const own = free.splice(0, next.gpus);
      places -= 1;
      next.serve({
        gpus: own,
        release() {
          places += 1;
          free.push(...own);
          free.sort((a, b) => gpus.indexOf(a) - gpus.indexOf(b));
          serve();
        },
      });
    }
  };
  return {
    gpuCount: gpus.length,
    take: (wanted, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const entry: Waiting = {
          gpus: wanted,
          serve(taken) {
            signal.removeEventListener("abort", stop);
            resolve(taken);
          },
        };
        const stop = () => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(signal.reason);
          serve();
        };
        waiting.push(entry);
        signal.addEventListener("abort", stop, { once: true });
        serve();
      }),
  };
}
