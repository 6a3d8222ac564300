import type { RequestSamples } from "../document/cell.ts";

/**
 * Samples as two tables of columns, each ready for `pandas.DataFrame`: a row a request, and a row a token event. Times in
 * ms since the start of the schedule; null where it never came to that.
 */
export function requestColumns(samples: RequestSamples) {
  const { durationS, gapsMs, chunkTokens, ...columns } = samples;
  const tokens = { request: [] as number[], arrivedMs: [] as number[], tokens: [] as number[] };
  for (const [request, first] of samples.firstTokenMs.entries()) {
    if (first === null) continue;
    let at = first;
    for (let event = 0; event <= gapsMs[request]!.length; event++) {
      if (event > 0) at += gapsMs[request]![event - 1]!;
      tokens.request.push(request);
      tokens.arrivedMs.push(Math.round(at * 1000) / 1000);
      tokens.tokens.push(chunkTokens?.[request]?.[event] ?? 1);
    }
  }
  const { scheduledMs } = samples;
  return { durationS, requests: { request: [...scheduledMs.keys()], ...columns }, tokens };
}
