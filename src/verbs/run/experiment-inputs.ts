import { UserError } from "../../errors.ts";
import type { Shard } from "../../experiment/plan.ts";
import { axisName, Experiments } from "../../experiment/schema.ts";
import { settingOf } from "../../experiment/setting.ts";
import { flag, parsed } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { yamlValue } from "../schema/yaml-value.ts";

/** `2/8`: the second of eight parts. @throws UserError */
function parseShard(value: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
  throw new UserError("must be a part of a whole, for example 2/8 for the second of eight");
}

/** `quantization=off,fp8`; several axes one after the other, as a flag given twice has them. @throws UserError */
function parseAxes(text: string): Experiments["axes"] {
  const axes: Experiments["axes"] = {};
  let axis: string | undefined;
  for (const part of text.split(",").map((one) => one.trim())) {
    const [, name, first] = /^((?:--)?[a-z][A-Za-z0-9_.-]*)=(.*)$/.exec(part) ?? [];
    if (name !== undefined) axis = axisName(name);
    if (axis === undefined) throw new UserError("must be an axis and its values, for example quantization=off,fp8");
    const setting = settingOf(axis, first ?? part);
    if (setting === "") throw new UserError("a model must have a name");
    axes[axis] = name === undefined ? [...new Set([...(axes[axis] ?? []), setting])] : [setting];
  }
  return axes;
}

export const experimentInputs = inGroup("Experiments", {
  experiments: yamlValue(
    Experiments,
    "Engine settings to measure in every combination: axes, exclude and include, see docs/experiments.md.",
  ).optional(),
  axis: parsed(parseAxes, "", "")
    .meta({
      description: "Of experiments: values of an axis in place of the file's; may be given for several.",
      placeholder: "NAME=VALUE,…",
      repeatable: true,
    })
    .optional(),
  plan: flag("Of experiments: print the list and how long it may take, and do nothing.").default(false),
  shard: parsed(
    parseShard,
    "Of experiments: run this part of the list only, 2/8 for the second of eight.",
    "I/N",
  ).optional(),
  resume: flag("Of experiments: leave out what an earlier run in the same folder measured whole.").default(false),
});
