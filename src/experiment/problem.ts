import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** What is wrong with `experiments:`, each with its place: `axes.model: must name at least one value`. */
export function problemsOf(issues: readonly Issue[], place: readonly PropertyKey[] = []): string {
  return issues.map((issue) => problemOf(issue, [...place, ...issue.path])).join("; ");
}

function problemOf(issue: Issue, place: readonly PropertyKey[]): string {
  if (issue.code === "invalid_union") {
    // The form that was meant is the one that got further than its first look.
    const meant = issue.errors.find(
      (own) => !own.every(({ code, path }) => code === "invalid_type" && path.length === 0),
    );
    if (meant !== undefined) return problemsOf(meant, place);
  }
  return [...(place.length === 0 ? [] : [place.join(".")]), issue.message].join(": ");
}
