import { expect, test } from "vitest";
import { contentKeys } from "../../../src/images/plan/content-key.ts";
import { planImages } from "../../../src/images/plan/plan.ts";
import { readRecipes } from "../../../src/images/recipes.ts";
import { OwnImages } from "../../../src/images/specs/own-images.ts";

const texts = await readRecipes();

/** Keys of base and group of one image, with a change to the files or to what was asked. */
function keys({ files = {} as Record<string, string>, pytorch = "2.5.0", more = [] as unknown[] } = {}): string[] {
  const own = OwnImages.parse({ one: { "base-image": "ubuntu:22.04", python: "3.12", pytorch } });
  const { images } = planImages({ specs: undefined, own, tagPrefix: undefined, kernels: undefined });
  return [...contentKeys([...images.values()], new Map([...texts, ...Object.entries(files)]), more).values()];
}
const before = keys();
const whichChanged = (after: readonly string[]) => after.map((key, index) => key !== before[index]);

test("the same makes the same keys", () => {
  expect(whichChanged(keys())).toEqual([false, false]);
});

test("another PyTorch changes the group alone", () => {
  expect(whichChanged(keys({ pytorch: "2.4.0" }))).toEqual([false, true]);
});

test("a script that the base copies changes what stands on it, too", () => {
  expect(whichChanged(keys({ files: { "install-system.sh": "true" } }))).toEqual([true, true]);
});

test("the set-up script changes the group alone, and one that neither copies changes nothing", () => {
  expect(whichChanged(keys({ files: { "setup_vllm_env.sh": "true" } }))).toEqual([false, true]);
  expect(whichChanged(keys({ files: { "build-engine.sh": "true" } }))).toEqual([false, false]);
});

test("build arguments and platforms are part of them", () => {
  expect(whichChanged(keys({ more: ["A=1"] }))).toEqual([true, true]);
});
