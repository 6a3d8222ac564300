/** Label of an image that has optional kernels: names of those that could not be installed, with commas; empty when none is absent. */
export const ABSENT_KERNELS_LABEL = "org.pitwall.absent-kernels";

/** @returns undefined when the image says nothing about its kernels */
export function absentKernels(labels: Readonly<Record<string, string>>): string[] | undefined {
  const value = labels[ABSENT_KERNELS_LABEL];
  return value?.split(",").filter((name) => name !== "");
}
