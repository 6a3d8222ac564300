import type { PhaseTests } from "./phase-tests.ts";
import type { Grade } from "./status.ts";

/**
 * A grade, and what it is where tests did not pass for want of an optional kernel that the image was made without: they say
 * nothing of the patch. Where another test failed for a reason of its own, the patch stays what it is.
 * @param absent names of packages
 */
export function withAbsentKernels(grade: Grade, after: PhaseTests, absent: readonly string[]): Grade {
  if (absent.length === 0 || (grade.status !== "unresolved" && grade.status !== "partial")) return grade;
  const failed = [...grade.failToPass.failed, ...grade.passToPass.failed].map(({ id }) => id);
  // Lists from these phases themselves have no test that fails in both.
  const ids = failed.length > 0 ? failed : grade.bothFailed;
  const lacking = ids.map((id) => kernelMissedBy(id, after, absent));
  const isAll =
    failed.length > 0 ? lacking.every((one) => one !== undefined) : lacking.some((one) => one !== undefined);
  if (!isAll) return grade;
  const names = [...new Set(lacking.flatMap((one) => one ?? []))].toSorted();
  return { ...grade, status: "environment", detail: `the image lacks ${names.join(", ")}, which its tests need` };
}

const kernelMissedBy = (id: string, after: PhaseTests, absent: readonly string[]): string | undefined =>
  absent.find((kernel) => after.importErrors(id).some((message) => namesModule(message, moduleOf(kernel))));

/** `flash-attn==2.7` installs `flash_attn`. */
const moduleOf = (kernel: string) => /^[\w.-]*/.exec(kernel)![0].replaceAll("-", "_");

/** Whole words: `flash_attn` and `flash_attn.ops`, but not `flash_attn_3`. */
const namesModule = (message: string, name: string) => message.split(/\W+/).includes(name);
