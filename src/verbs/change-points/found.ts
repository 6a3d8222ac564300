import { boxTable } from "../../report/tables/box-table.ts";
import { counted } from "../../result/counted.ts";
import type { ChangePoint } from "../../verdict/change-points/change-points.ts";
import type { Part } from "../../verdict/change-points/difference.ts";

/** A change point by its place in the file, as `--json` prints it. */
export interface Found {
  index: number;
  /** The last number before it; between both, runs without a number may hide the commit that did it. */
  after: number;
  /** Means: 1.05 is 5 % more than before; null where the mean before is 0. */
  ratio: number | null;
  pValue: number;
  levelBefore: Part;
  levelAfter: Part;
}

export function placed({ index, before, after, pValue }: ChangePoint, there: readonly { index: number }[]): Found {
  return {
    index: there[index]!.index,
    after: there[index - 1]!.index,
    ratio: before.mean === 0 ? null : after.mean / before.mean,
    pValue,
    levelBefore: before,
    levelAfter: after,
  };
}

/** For a terminal. */
export function foundText(found: readonly Found[], numbers: number): string {
  const sentence = `${counted(found.length, "change point")} in ${counted(numbers, "number")}`;
  if (found.length === 0) return sentence;
  const columns = ["At", "Before", "After", "Change", "p"].map((title) => ({ title, align: "right" as const }));
  const rows = found.map(({ index, ratio, pValue, levelBefore, levelAfter }) => [
    String(index),
    meanOf(levelBefore),
    meanOf(levelAfter),
    ratio === null ? "–" : `${ratio < 1 ? "−" : "+"}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`,
    pValue.toPrecision(2),
  ]);
  return `${sentence}\n${boxTable(columns, rows)}`;
}

const meanOf = ({ mean, count }: Part) => `${Number(mean.toPrecision(6))} (${count})`;
