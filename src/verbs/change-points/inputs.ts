import { z } from "zod";
import { UserError } from "../../errors.ts";
import { OTAVA } from "../../verdict/change-points/change-points.ts";
import { fileList, parsed, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, numberBetween } from "../schema/number-fields.ts";

function parseProbability(given: string): number {
  const probability = given === "" ? Number.NaN : Number(given);
  if (probability > 0 && probability < 1) return probability;
  throw new UserError("must be a number between 0 and 1, as in 0.001 or 1e-5");
}

const file = { files: fileList("A JSON array of numbers, an object with values, or a CSV file.").default([]) };
const numbers = {
  column: text("Column of a CSV file (default: the only one that holds numbers).", "NAME").optional(),
};

export const ChangePointsInputs = z.strictObject({
  ...inGroup("Arguments", file),
  ...inGroup("Which numbers", {
    ...numbers,
    window: integer("Numbers that are looked at together.", { min: 2 }).default(OTAVA.window),
    pValue: parsed(
      parseProbability,
      "Least certainty of a change point: how likely two equal levels would differ so much.",
      "NUMBER",
    ).default(OTAVA.pValue),
    minMagnitude: numberBetween(0, 1_000_000, "Smallest change of the mean, 0.05 is 5 %.").default(OTAVA.minMagnitude),
    minSegment: integer("Numbers that a level must hold; with 3, an outlier is none.").default(OTAVA.minSegment),
  }),
});
