import { sum } from "../../result/metrics/distribution.ts";

/** Where the time went, in seconds. */
export type Stages = Record<"repository" | "patches" | "setUp" | "before" | "after", number>;

export const noStages = (): Stages => ({ repository: 0, patches: 0, setUp: 0, before: 0, after: 0 });

export const sumOfStages = (stages: Stages) => sum(Object.values(stages));

/** Adds the time that work takes, however it ends. */
export async function timed<T>(stages: Stages, stage: keyof Stages, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    stages[stage] += (performance.now() - began) / 1000;
  }
}
