import type { ArmResult, Settings } from "../arm-result.ts";

/** Prompts of two arms are the same ones where their tokens agree so far; tokenizers count a first token or not. */
const SAME_PROMPTS = 0.005;
/** Answers are as long as the model makes them; by more than this they were asked for otherwise. */
const SAME_ANSWERS = 0.1;

type Named = Record<"one" | "other", string>;
type Rule = (one: Settings, other: Settings, names: Named) => string | undefined;

const differ =
  (what: string, of: (settings: Settings) => string | number | undefined): Rule =>
  (one, other, names) => {
    const [here, there] = [of(one), of(other)];
    if (here === undefined || there === undefined || here === there) return undefined;
    return `${what} of ${names.one} ${shown(here)}, of ${names.other} ${shown(there)}`;
  };
const apart =
  (what: string, of: (settings: Settings) => number | undefined, share: number): Rule =>
  (one, other, names) => {
    const [here, there] = [of(one), of(other)];
    if (here === undefined || there === undefined || Math.abs(here - there) <= share * Math.max(here, there))
      return undefined;
    return `${what} of ${names.one} ${shown(here)}, of ${names.other} ${shown(there)}`;
  };

const RULES: readonly Rule[] = [
  differ("model", ({ model }) => model?.toLowerCase()),
  differ("benchmark", ({ benchmark }) => benchmark),
  differ("dataset", ({ dataset }) => dataset),
  differ("requests", ({ requests }) => requests),
  apart("prompt tokens", ({ inputTokens }) => inputTokens, SAME_PROMPTS),
  apart("answer tokens", ({ outputTokens }) => outputTokens, SAME_ANSWERS),
  differ("request rate", ({ requestRate }) => requestRate),
  differ("concurrency", ({ maxConcurrency }) => maxConcurrency),
  differ("max-model-len", ({ maxModelLen }) => maxModelLen),
];

const shown = (value: string | number) => (value === Number.POSITIVE_INFINITY ? "inf" : String(value));

/**
 * Why two arms are not comparable: every setting in which they differ. What one of the two does not say is no difference,
 * see {@link unknownBetween}.
 */
export const differencesBetween = (one: ArmResult, other: ArmResult): string[] =>
  RULES.flatMap((rule) => rule(one.settings, other.settings, { one: one.arm, other: other.arm }) ?? []);

/** What would have to be known of two arms before they are known to be comparable. */
export function unknownBetween(one: ArmResult, other: ArmResult): string[] {
  const lacks = (name: "model" | "inputTokens") => [one, other].some(({ settings }) => settings[name] === undefined);
  return [...(lacks("model") ? ["model"] : []), ...(lacks("inputTokens") ? ["prompt tokens"] : [])];
}
