import { explained } from "../../images/build/failure.ts";
import { type ImageOutcome, isThere } from "../../images/build/outcome.ts";
import type { NamedFailure } from "../../report/text/failure-lines.ts";
import { counted } from "../../result/counted.ts";
import type { Outcome } from "../verb.ts";

/** What the file of all images says of each. */
export function recordOf(outcome: ImageOutcome) {
  const { tag, kind, seconds } = outcome;
  const base = { image: tag, status: kind, seconds: Math.round(seconds * 10) / 10 };
  switch (kind) {
    case "built":
    case "unchanged": {
      const { id, digest = null, sizeBytes = null, absentKernels } = outcome;
      return { ...base, id, digest, size_bytes: sizeBytes, absent_kernels: absentKernels };
    }
    case "failed": {
      const { doing, failure, logFile } = outcome;
      return {
        ...base,
        doing,
        reason: failure.kind,
        stage: failure.stage ?? null,
        log: logFile,
        log_tail: failure.tail,
      };
    }
    case "skipped":
      return { ...base, because: outcome.because };
    case "cancelled":
      return base;
    default:
      return kind satisfies never;
  }
}

/** In a line; a failure with the end of its log. */
function lineOf(outcome: ImageOutcome): string {
  const { tag, kind, seconds } = outcome;
  switch (kind) {
    case "built":
    case "unchanged": {
      const size = outcome.sizeBytes === undefined ? "" : `, ${(outcome.sizeBytes / 1e9).toFixed(2)} GB`;
      const absent = outcome.absentKernels.length === 0 ? "" : `, without ${outcome.absentKernels.join(" and ")}`;
      return `${tag}: ${kind} in ${seconds.toFixed(1)} s${size}${absent}, ${outcome.digest ?? outcome.id}`;
    }
    case "failed":
      return `${tag}: ${outcome.doing} failed: ${outcome.failure.kind}: ${explained(outcome.failure)}\n${indented(outcome.failure.tail)}\n  whole log: ${outcome.logFile}`;
    case "skipped":
      return `${tag}: skipped, for ${outcome.because} failed`;
    case "cancelled":
      return `${tag}: cancelled`;
    default:
      return kind satisfies never;
  }
}

const indented = (text: string) => text.replaceAll(/^/gm, "  | ");

export function outcomeOf(outcomes: readonly ImageOutcome[], results: string): Outcome {
  const failures = outcomes.flatMap((outcome): NamedFailure[] =>
    outcome.kind === "failed"
      ? [{ what: "image", name: outcome.tag, reason: outcome.failure.kind, detail: explained(outcome.failure) }]
      : [],
  );
  const there = outcomes.filter(isThere);
  const tags = (kind: ImageOutcome["kind"]) => outcomes.filter((one) => one.kind === kind).map(({ tag }) => tag);
  return {
    ok: there.length === outcomes.length,
    outputs: {
      images: outcomes.map(({ tag }) => tag),
      ...{ built: tags("built"), unchanged: tags("unchanged"), failed: tags("failed"), skipped: tags("skipped") },
      digests: outcomes.flatMap((one) =>
        one.kind === "built" || one.kind === "unchanged" ? [`${one.tag} ${one.digest ?? one.id}`] : [],
      ),
      results,
    },
    text: [...outcomes.map(lineOf), `${there.length} of ${counted(outcomes.length, "image")} there`].join("\n"),
    failures,
  };
}
