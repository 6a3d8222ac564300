import type { CellParams } from "../../result/document/cell.ts";
import { lengthText } from "./length-text.ts";

/** How a sweep's cell samples where it is not as `vllm bench latency` does: ` · beam 4`, ` · n 2 · temperature 0`; else empty. */
export function samplingText(params: CellParams): string {
  const { n = 1, temperature = 1, topP = 1, beamSearch, profile } = params;
  const parts = [
    beamSearch === true ? `beam ${n}` : n === 1 ? "" : `n ${n}`,
    beamSearch === true || temperature === 1 ? "" : `temperature ${temperature}`,
    topP === 1 ? "" : `top-p ${topP}`,
    profile === true ? "profiled" : "",
    ...lengthText(params),
  ];
  return parts
    .filter((part) => part !== "")
    .map((part) => ` · ${part}`)
    .join("");
}
