import type { BenchCell } from "./cells.ts";
import type { Report } from "./peers/peer.ts";
import type { TrueRequest } from "./truth.ts";

/** Why a tool's numbers of a cell do not count: it did not make the load, or did not see all of the answers. */
export function validityProblems(cell: BenchCell, report: Report, truth: readonly TrueRequest[]): string[] {
  const asked = cell.warmupRequests + cell.requests;
  const whole = truth.filter(({ writtenMs }) => writtenMs.length === cell.outputTokens).length;
  const exact = report.requests.filter(({ outputTokens }) => outputTokens === cell.outputTokens).length;
  return [
    ...(truth.length === asked ? [] : [`the engine saw ${truth.length} requests instead of ${asked}`]),
    ...(whole === truth.length ? [] : [`${truth.length - whole} answers did not reach their end`]),
    ...(report.failed === 0 ? [] : [`it reports ${report.failed} failed requests`]),
    ...(exact === cell.requests ? [] : [`it reports ${exact} whole answers instead of ${cell.requests}`]),
  ];
}
