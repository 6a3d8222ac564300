/** Shares of --start-delay, chosen by eye; what is left has no line in vLLM's log either. */
const WEIGHTS = 0.25;
const MODEL = 0.3;
const COMPILE = 0.3;
const PROFILE = 0.1;
const GRAPHS = 0.2;
/** Share of the time to compile that it still takes to read back what was compiled before. */
const CACHED = 0.1;

/** Where the seconds of a simulated start go: `model` holds `weights`; `init` holds compiling, profiling and graphs. */
export function startSeconds(delay: number, isCompiled: boolean) {
  const compile = delay * COMPILE * (isCompiled ? CACHED : 1);
  const [weights, model, profile, graphs] = [WEIGHTS, MODEL, PROFILE, GRAPHS].map((share) => delay * share) as [
    number,
    number,
    number,
    number,
  ];
  const rest = delay * (1 - MODEL - COMPILE - PROFILE - GRAPHS);
  return { weights, model, compile, profile, graphs, init: compile + profile + graphs, rest };
}
