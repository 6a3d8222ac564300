import { type Args, argumentName, sideOf } from "./args.ts";

/** What a result says of the arguments behind it. */
export interface AskedIn {
  /** Arguments of the client. */
  bench: Args;
  /** Those of them that differ within the sweep that wrote the file. */
  swept: ReadonlySet<string>;
  /** Arguments of the engine, `--metadata` included. */
  engine: Args;
  /** Those arguments of the engine that were swept. */
  settings: Args;
}

/**
 * The arguments in a result. `vllm bench sweep` puts what it swept behind `run_number`, `--metadata` anything before; what
 * else a result holds is no argument of the client.
 * @param name of the file, with the folder that `vllm bench sweep` made for it
 */
export function askedIn(keys: Args, name: string): AskedIn {
  const entries = Object.entries(keys).map(([key, value]) => [argumentName(key), value] as const);
  const start = entries.findIndex(([key]) => key === "run_number");
  const added = start === -1 ? [] : entries.slice(start + 1);
  const bench = entries.filter(([key]) => sideOf(key) === "bench");
  const settings = added.filter(([key]) => sideOf(key) === "engine");
  const swept = added.map(([key]) => key).filter((key) => sideOf(key) === "bench");
  // It is in every result, so that sweeping it leaves it in its place.
  if (/(?:^|[/-])num[-_]prompts=/.test(name)) swept.push("num_prompts");
  return {
    bench: Object.fromEntries(bench),
    swept: new Set(swept),
    engine: Object.fromEntries(entries.filter(([key]) => sideOf(key) === "engine")),
    settings: Object.fromEntries(settings),
  };
}
