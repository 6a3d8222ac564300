import { present } from "../result/present.ts";
import { namesOf } from "./name.ts";
import type { ExcludeRule, Experiments } from "./schema.ts";
import { argumentsOf, configurationOf, OFF, type Settings } from "./setting.ts";

/** One combination of settings: one engine start, one run document. */
export interface Combination {
  /** Unique; also the name of its folder. */
  name: string;
  settings: Settings;
  /** Undefined where the model is no axis. */
  model: string | undefined;
  engineArgs: string[];
  configuration: string | undefined;
  /** Why it is not run: it is known not to work. */
  knownBad?: string;
}

/** Part `index` of `count`, from 1 on. */
export interface Shard {
  index: number;
  count: number;
}

/** Every combination of the axes, the last axis changing fastest; then those that are included besides. */
export function planExperiments({ axes, exclude, include }: Experiments): Combination[] {
  const names = [...new Set([axes, ...include].flatMap((settings) => Object.keys(settings)))];
  const complete = (settings: Settings) => Object.fromEntries(names.map((name) => [name, settings[name] ?? ""]));
  const keyed = new Map<string, Planned>();
  for (const settings of product(Object.entries(axes))) {
    add(keyed, withOff(complete(settings)), (one) => ruleAgainst(one, exclude));
  }
  for (const settings of include) add(keyed, withOff(complete(settings)), () => undefined);
  const planned = [...keyed.values()];
  const folders = namesOf(planned.map(({ settings }) => settings));
  return planned.map(({ settings, knownBad }, index) => ({
    name: folders[index]!,
    settings,
    model: settings.model || undefined,
    engineArgs: argumentsOf(settings),
    configuration: configurationOf(settings),
    ...present({ knownBad }),
  }));
}

interface Planned {
  settings: Settings;
  knownBad: string | undefined;
}

function add(to: Map<string, Planned>, settings: Settings, knownBad: (settings: Settings) => string | undefined) {
  to.set(JSON.stringify(Object.values(settings)), { settings, knownBad: knownBad(settings) });
}

/** A setting that a combination does not name is off; a model is never. */
const withOff = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, name === "model" ? value : value || OFF]));

function product(axes: readonly (readonly [string, readonly string[]])[]): Settings[] {
  return axes.reduce<Settings[]>(
    (found, [axis, values]) => found.flatMap((one) => values.map((value) => ({ ...one, [axis]: value }))),
    [{}],
  );
}

function ruleAgainst(settings: Settings, rules: readonly ExcludeRule[]): string | undefined {
  return rules.find(({ when }) => Object.entries(when).every(([axis, values]) => values.includes(settings[axis]!)))
    ?.reason;
}

/**
 * Part of a list. Runs and known-bad combinations are dealt out in turn, each by itself, so that parts differ by one run
 * at most; the same list gives the same parts.
 */
export function shardOf(list: readonly Combination[], { index, count }: Shard): Combination[] {
  const isMine = (_: Combination, position: number) => position % count === index - 1;
  const mine = new Set([
    ...list.filter(({ knownBad }) => knownBad === undefined).filter(isMine),
    ...list.filter(({ knownBad }) => knownBad !== undefined).filter(isMine),
  ]);
  return list.filter((combination) => mine.has(combination));
}
