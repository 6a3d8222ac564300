import type { Grade } from "./status.ts";

/** Whether an instance says anything here: its own patch must resolve it, and an empty one must not. */
export type Validity = { isValid: true } | { isValid: false; why: string };

/** @param empty undefined where that control was not run */
export function validityOf(gold: Grade, empty: Grade | undefined): Validity {
  if (gold.status !== "resolved")
    return { isValid: false, why: `the gold patch does not resolve it: ${gold.status}${words(gold)}` };
  if (empty === undefined) return { isValid: true };
  if (empty.status === "resolved") return { isValid: false, why: "an empty patch resolves it too" };
  // What broke says nothing of the tests.
  if (!MEASURED.has(empty.status))
    return { isValid: false, why: `the empty patch could not be tried: ${empty.status}${words(empty)}` };
  return { isValid: true };
}

const MEASURED: ReadonlySet<string> = new Set(["unresolved", "partial"]);
const words = ({ detail }: Grade) => (detail === "" ? "" : `, ${detail}`);
