import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { mistakeLines } from "../mistakes.ts";
import { type Settings, settingOf } from "./setting.ts";

/** `tensor_parallel_size` and `--tensor-parallel-size` are `tensor-parallel-size`. */
export const axisName = (name: string) => name.trim().replace(/^--/, "").replaceAll("_", "-");

const value = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "must be a word, a number, on or off",
});
const values = z.union([z.array(value).min(1, "must name at least one value"), value.transform((one) => [one])], {
  error: "must be a value or a list of values, each a word, a number, on or off",
});

const names = z.string().regex(/^(--)?[a-z][A-Za-z0-9_.-]*$/, "must be model or an argument of the engine");
const Axes = z
  .record(names, values)
  .refine((axes) => Object.keys(axes).length > 0, "must name at least one axis, for example model: [a, b]")
  .transform((axes) => byName(axes, (axis, found) => [...new Set(found.map((one) => settingOf(axis, one)))]));

const Exclude = z
  .looseObject({ reason: z.string().trim().min(1, "must say why").default("excluded by rule") })
  .transform(({ reason, ...when }, context) => {
    const parsed = z.record(names, values).safeParse(when);
    if (parsed.success && Object.keys(when).length > 0) {
      return { reason, when: byName(parsed.data, (axis, found) => found.map((one) => settingOf(axis, one))) };
    }
    const message = parsed.success ? "must name at least one setting" : mistakeLines(parsed.error);
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

const Include = z
  .record(names, value)
  .transform((settings): Settings => byName(settings, (axis, one) => settingOf(axis, one)));

/** `experiments:` of pitwall.yml. */
export const Experiments = z
  .strictObject({
    axes: Axes.meta({ description: "Values of each engine setting; every combination of them is one run." }),
    exclude: z.array(Exclude).default([]).meta({
      description: "Combinations known not to work: the settings that make one, each a value or a list, and a reason.",
    }),
    include: z.array(Include).default([]).meta({
      description: "Combinations besides those of the axes, which no rule excludes; what they do not name is off.",
    }),
  })
  .superRefine(checkNames);
export type Experiments = z.output<typeof Experiments>;
export type ExcludeRule = Experiments["exclude"][number];

function byName<T, R>(record: Record<string, T>, map: (axis: string, value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [axisName(name), map(axisName(name), one)]));
}

/** A rule about an axis that is not there excludes nothing, and nobody would see why. */
function checkNames({ axes, exclude, include }: Experiments, context: z.RefinementCtx): void {
  const known = [...new Set([axes, ...include].flatMap((settings) => Object.keys(settings)))];
  for (const [index, { when }] of exclude.entries()) {
    for (const name of Object.keys(when).filter((one) => !known.includes(one))) {
      const message = `exclude rule ${index + 1}: unknown axis “${name}”; did you mean “${closest(name, known)}”?`;
      context.addIssue({ code: "custom", path: ["exclude", index, name], message });
    }
  }
  if ([...(axes.model ?? []), ...include.flatMap(({ model }) => model ?? [])].includes("")) {
    context.addIssue({ code: "custom", path: ["axes", "model"], message: "a model must have a name" });
  }
}

/** The same experiments over other values of some axes, or over further ones; rules stay. */
export function withAxes(
  experiments: Experiments | undefined,
  axes: Experiments["axes"] | undefined,
): Experiments | undefined {
  if (axes === undefined) return experiments;
  return { exclude: [], include: [], ...experiments, axes: { ...experiments?.axes, ...axes } };
}
