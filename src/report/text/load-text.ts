import type { CellParams } from "../../result/document/cell.ts";
import type { RunCell } from "../../result/document/run.ts";
import { lengthText } from "./length-text.ts";

/*
 * Words for what was asked, from a cell's parameters alone: they name series on the site, so they must read the same in
 * every run.
 */

/** `12.5 req/s`, `4 at once for 30 s`, `1 → 20 req/s, constant`; whatever has no such level goes by its id. */
export function loadText({ id, params }: RunCell): string {
  const { burstiness, maxConcurrency, endpoint } = params;
  return [
    paceText(params) ?? id.slice(id.indexOf("/") + 1),
    ...(burstiness === undefined || burstiness === 1 ? [] : [burstinessText(burstiness)]),
    ...(maxConcurrency === undefined ? [] : [`at most ${maxConcurrency} at once`]),
    ...(endpoint === "chat" ? ["chat"] : []),
    ...lengthText(params),
  ].join(", ");
}

/** `300:100 ± 20 %, 50 shared`, or the name of the file whose prompts have lengths of their own. */
export function promptText({ params }: RunCell, separator = ":"): string {
  const { dataset, inputLen, outputLen, rangeRatio, sharedPrefix } = params;
  if (dataset !== undefined) return String(dataset);
  const range = typeof rangeRatio === "number" ? ` ± ${Number((100 * rangeRatio).toPrecision(6))} %` : "";
  const shared = sharedPrefix === undefined ? "" : `, ${sharedPrefix} shared`;
  return `${inputLen ?? "–"}${separator}${outputLen ?? "–"}${range}${shared}`;
}

type Pace = "steady" | "changing" | "closed";

/** How requests come, as far as it decides which cells may share a chart. */
export function paceOf({ params }: RunCell): Pace {
  const { concurrency, find, rampFrom, burstSize, traceSpeed } = params;
  if (concurrency !== undefined || find === "max-concurrency") return "closed";
  return [rampFrom, burstSize, traceSpeed].every((value) => value === undefined) ? "steady" : "changing";
}

function paceText(params: CellParams): string | undefined {
  const { find, concurrency, durationS, rampFrom, rampTo, burstSize, burstEveryS, traceSpeed, requestRate } = params;
  if (find === "max-rate") return "highest rate";
  if (find === "max-concurrency") return "highest concurrency";
  if (concurrency !== undefined) return `${concurrency} at once${durationS === undefined ? "" : ` for ${durationS} s`}`;
  if (rampFrom !== undefined) return `${rampFrom} → ${rampTo} req/s`;
  if (burstSize !== undefined) return `${burstSize} every ${burstEveryS} s`;
  if (traceSpeed !== undefined) return traceSpeed === 1 ? "replayed" : `replayed ${traceSpeed} × as fast`;
  if (requestRate === undefined) return undefined;
  return requestRate === "inf" ? "all at once" : `${requestRate} req/s`;
}

function burstinessText(burstiness: string | number | boolean): string {
  return burstiness === "inf" ? "constant" : `burstiness ${burstiness}`;
}
