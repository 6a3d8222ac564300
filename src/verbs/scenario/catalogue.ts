import { readCatalogue } from "../../scenario/catalogue.ts";
import type { ScenarioInputs } from "./inputs.ts";

/** All scenarios that the inputs lead to. */
export const catalogueOf = ({ root, scenarios, matrix }: Pick<ScenarioInputs, "root" | "scenarios" | "matrix">) =>
  readCatalogue(root, { scenarios, matrix });
