import { UserError } from "../../errors.ts";
import { readNumbers } from "../../formats/numbers-file.ts";
import { readPlain } from "../../plain-file.ts";
import { changePoints as find } from "../../verdict/change-points/change-points.ts";
import { defineVerb } from "../verb.ts";
import { foundText, placed } from "./found.ts";
import { ChangePointsInputs } from "./inputs.ts";

export const changePoints = defineVerb({
  name: "change-points",
  description: "Finds where the level of one's own numbers changes, as Apache Otava does.",
  inputs: ChangePointsInputs,
  positional: "files",
  outputs: {
    changes: "How many change points there are.",
    indexes: "Places in the file, counted from 0, of the first number of each new level.",
  },
  async run({ files, column, ...options }) {
    const [file, ...more] = files;
    if (file === undefined || more.length > 0) throw new UserError("name one file: pitwall change-points FILE");
    const { values } = readNumbers({ text: await readPlain(file), name: file }, column);
    // A run without a number is left out, and widens the range in which the change lies: made up, it would be evidence.
    const there = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
    const { points } = find(
      there.map(({ value }) => value),
      options,
    );
    const found = points.map((point) => placed(point, there));
    return {
      ok: true,
      outputs: { changes: found.length, indexes: found.map(({ index }) => String(index)) },
      json: found,
      text: foundText(found, there.length),
    };
  },
});
