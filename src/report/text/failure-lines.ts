import { counted } from "../../result/counted.ts";

/** Something without numbers: its class, and what happened. */
export interface NamedFailure {
  what: "case" | "cell" | "combination" | "image";
  name: string;
  reason: string;
  detail: string;
}

/**
 * A line for each thing that went wrong, not for each that it went wrong with: one cause, else one class, is told once.
 * @param most lines that there may be
 */
export function failureLines(failures: readonly NamedFailure[], most: number): string[] {
  const byCause = [...Map.groupBy(failures, ({ reason, detail }) => `${reason}: ${detail}`).values()];
  if (byCause.length <= most) return byCause.map((same) => lineOf(same));
  const byReason = [...Map.groupBy(failures, ({ reason }) => reason).values()];
  if (byReason.length <= most) return byReason.map((same) => lineOf(same));
  const rest = byReason.slice(most - 1).flat();
  return [
    ...byReason.slice(0, most - 1).map((same) => lineOf(same)),
    `${counted(rest.length, rest[0]!.what)} more: see the summary`,
  ];
}

function lineOf(same: readonly NamedFailure[]): string {
  const [{ what, name, reason, detail }] = same as [NamedFailure];
  if (same.length === 1) return `${name}: ${reason}: ${detail}`;
  const others = new Set(same.map((one) => one.detail)).size - 1;
  const more = others === 0 ? "" : ` (${name}; ${counted(others, "other cause")} of this class: see the summary)`;
  return `${counted(same.length, what)}: ${reason}: ${detail}${more}`;
}
