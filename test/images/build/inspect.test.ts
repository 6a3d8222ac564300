import { expect, test } from "vitest";
import { isCurrent } from "../../../src/images/build/inspect.ts";
import { KEY_LABEL } from "../../../src/images/plan/content-key.ts";
import type { PlannedImage } from "../../../src/images/plan/planned-image.ts";
import type { LocalImage } from "../../../src/machine/docker/image.ts";

const image: PlannedImage = { tag: "gym:1", recipe: "group", parent: "gym-base:1", args: {}, labels: {}, kernels: [] };
const madeOf = (...layers: string[]): LocalImage => ({
  ...{ id: "sha256:1", sizeBytes: 1, repoDigests: [], entrypoint: [], variables: [], labels: { [KEY_LABEL]: "key" } },
  layers,
});

test("an image of the same content is current where it stands on the image below as that is now", () => {
  expect(isCurrent(image, "key", madeOf("a", "b", "c"), madeOf("a", "b"))).toBe(true);
  expect(isCurrent(image, "key", madeOf("a", "b", "c"), madeOf("a", "new"))).toBe(false);
  expect(isCurrent(image, "other", madeOf("a", "b", "c"), madeOf("a", "b"))).toBe(false);
});

test("and where the image below is not on this machine", () =>
  expect(isCurrent(image, "key", madeOf("a", "b", "c"))).toBe(true));
