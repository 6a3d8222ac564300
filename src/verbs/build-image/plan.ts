import { existsSync } from "node:fs";
import { UserError } from "../../errors.ts";
import { type ImagePlan, planImages } from "../../images/plan/plan.ts";
import type { PlannedImage } from "../../images/plan/planned-image.ts";
import { selectImages } from "../../images/plan/select.ts";
import { imagesOfPairs, pairsNamed, readCommitMapping } from "../../images/specs/commit-mapping.ts";
import type { OwnImage, OwnImages } from "../../images/specs/own-images.ts";
import { readVersionSpecs, type VersionSpecs } from "../../images/specs/version-specs.ts";
import { nearNames } from "../../near-names.ts";
import type { BuildImageInputs } from "./inputs.ts";

const SPECS_FILE = "version_specs.json";

export interface Chosen {
  specs: VersionSpecs | undefined;
  plan: ImagePlan;
  images: PlannedImage[];
}

/** @throws UserError for files and names that are wrong, or when nothing says what images there are */
export async function chooseImages(inputs: BuildImageInputs): Promise<Chosen> {
  const { tagPrefix, kernels, targets = ["all"] } = inputs;
  const options = { tagPrefix, kernels };
  if (inputs.mapping !== undefined) {
    const own = await imagesOfMapping(inputs, inputs.mapping);
    const plan = planImages({ specs: undefined, own, ...options });
    return { specs: undefined, plan, images: selectImages(plan, ["all"]) };
  }
  const file = inputs.specs ?? (existsSync(SPECS_FILE) ? SPECS_FILE : undefined);
  const own = inputs.images ?? {};
  if (file === undefined && Object.keys(own).length === 0)
    throw new UserError(
      `nothing says what images there are: give --specs FILE, or images in pitwall.yml (docs/images.md)`,
    );
  const specs = file === undefined ? undefined : await readVersionSpecs(file);
  const plan = planImages({ specs, own, ...options });
  return { specs, plan, images: selectImages(plan, targets) };
}

async function imagesOfMapping(inputs: BuildImageInputs, mapping: string): Promise<OwnImages> {
  const pairs = pairsNamed(await readCommitMapping(mapping), inputs.commits ?? []);
  return imagesOfPairs(pairs, templateOf(inputs));
}

function templateOf({ images = {}, template }: BuildImageInputs): OwnImage {
  const names = Object.keys(images);
  if (template === undefined && names.length !== 1) {
    const what = names.length === 0 ? "has none" : `has ${names.join(", ")}: give --template NAME`;
    throw new UserError(`the images of commits are made like one of pitwall.yml, and images there ${what}`);
  }
  const found = images[template ?? names[0]!];
  if (found !== undefined) return found;
  throw new UserError(`pitwall.yml has no image ${template}; did you mean ${nearNames(template ?? "", names)}?`);
}
