import { createHash } from "node:crypto";
import { ABSENT_KERNELS_LABEL } from "../labels.ts";
import type { PlannedImage, Platform } from "./planned-image.ts";
import { kernelsIndex, pytorchIndex } from "./platform.ts";

/** A short name for a value of any form. */
export const digestOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** Labels of the platform, of where the image comes from and of the part of the spec that asked for it. */
export function labelsOf(platform: Platform, below: string, spec: unknown): Record<string, string> {
  const { cuda = "none", python, pytorch } = platform;
  return {
    "org.opencontainers.image.base.name": below,
    "org.pitwall.cuda": cuda,
    "org.pitwall.python": python,
    "org.pitwall.pytorch": pytorch,
    "org.pitwall.spec": `sha256:${digestOf(spec)}`,
  };
}

/** System packages, Python and test tools. */
export function baseLayer(platform: Platform, tag: string): PlannedImage {
  const { baseImage, cuda, python } = platform;
  const { "org.pitwall.pytorch": _, ...labels } = labelsOf(platform, baseImage, { baseImage, cuda, python });
  const args = { BASE_IMAGE: baseImage, PYTHON_VERSION: python };
  return { tag, recipe: "base", parent: undefined, args, labels, kernels: [] };
}

interface GroupLayer {
  tag: string;
  base: string;
  platform: Platform;
  testRequirements: readonly string[];
  kernels: readonly string[];
  /** Beside those of every image. */
  labels: Readonly<Record<string, string>>;
}

/** PyTorch, what the tests need, optional kernels. */
export function groupLayer({ tag, base, platform, testRequirements, kernels, labels }: GroupLayer): PlannedImage {
  const args = {
    PYTORCH_VERSION: platform.pytorch,
    PYTORCH_INDEX: pytorchIndex(platform),
    TEST_REQUIREMENTS: testRequirements.join(" "),
    KERNELS: kernels.join(" "),
    KERNELS_INDEX: kernels.length === 0 ? "" : kernelsIndex(platform),
  };
  const none: Record<string, string> = kernels.length === 0 ? { [ABSENT_KERNELS_LABEL]: "" } : {};
  const own = labelsOf(platform, base, { platform, testRequirements, kernels });
  return { tag, recipe: "group", parent: base, args, labels: { ...own, ...labels, ...none }, kernels };
}
