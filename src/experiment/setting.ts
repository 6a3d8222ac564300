/**
 * The value of an engine setting in a combination: `off` gives no flag at all, `on` the bare flag, anything else the flag
 * with the value behind it. `model` is no flag, and always a name.
 */
export type Setting = string;
export type Settings = Readonly<Record<string, Setting>>;

export const OFF = "off";
const ON = "on";

/** Settings that a run document tells by itself: they are in the key of a series already. */
const TOLD_ELSEWHERE = new Set(["model", "tensor-parallel-size", "quantization"]);

/** A value as it stands in pitwall.yml, in its one spelling; YAML's own words for yes and no included. */
export function settingOf(axis: string, value: string | number | boolean | null): Setting {
  const text = String(value ?? "").trim();
  if (axis === "model") return text;
  // `--quantization none` is a mistake that engines refuse; other arguments may have a value of that name.
  if (["", "off", "false", "no"].includes(text) || (axis === "quantization" && text === "none")) return OFF;
  return ["on", "true", "yes"].includes(text) ? ON : text;
}

/** Engine arguments of a combination, in the order of its settings. */
export function argumentsOf(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (name === "model" || value === OFF) return [];
    return value === ON ? [`--${name}`] : [`--${name}`, value];
  });
}

/** Label of the series: the arguments that no other part of its key tells, by name; undefined when there are none. */
export function configurationOf(settings: Settings): string | undefined {
  const own = Object.entries(settings)
    .filter(([name]) => !TOLD_ELSEWHERE.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const label = argumentsOf(Object.fromEntries(own)).join(" ");
  return label === "" ? undefined : label;
}
