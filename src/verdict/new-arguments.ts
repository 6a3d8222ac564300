import type { RunHead } from "../result/document/run.ts";
import { argumentsChange } from "../result/series/engine-arguments.ts";
import { contextKey, contextOf, type SeriesContext } from "../result/series/series.ts";

/** The context without its engine arguments: equal where nothing else tells two series apart. */
export function keyWithoutArguments({ engineArguments: _, ...context }: SeriesContext): string {
  return contextKey(context);
}

/**
 * How the engine arguments of a run differ from those of the newest earlier run that differs in nothing else, in words: why
 * its series begins here.
 * @param runs oldest first
 * @param ref of the runs that it would be held against
 * @returns undefined when there is no such run
 */
export function newArguments(run: RunHead, runs: readonly RunHead[], ref: string | null): string | undefined {
  const own = contextOf(run);
  const like = runs.findLast((other) => {
    const context = contextOf(other);
    const isEarlier = other.startedAt < run.startedAt && other.trigger.ref === ref;
    return isEarlier && keyWithoutArguments(context) === keyWithoutArguments(own);
  });
  const before = like === undefined ? own : contextOf(like);
  if (before.engineArguments === own.engineArguments) return undefined;
  return argumentsChange(before.engineArguments ?? "", own.engineArguments ?? "");
}
