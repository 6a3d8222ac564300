import type { BuildFailure } from "./failure.ts";

/** What became of one image. */
export type ImageOutcome = { tag: string; seconds: number } & (
  | {
      kind: "built" | "unchanged";
      id: string;
      digest: string | undefined;
      sizeBytes: number | undefined;
      absentKernels: string[];
    }
  | ({ kind: "failed"; doing: "build" | "push"; logFile: string } & { failure: BuildFailure })
  | { kind: "skipped"; because: string }
  | { kind: "cancelled" }
);

export const isThere = (outcome: ImageOutcome) => outcome.kind === "built" || outcome.kind === "unchanged";
