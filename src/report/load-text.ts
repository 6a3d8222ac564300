import type { RunCell } from "../result/run.ts";

/** `12.5 req/s`, `4 at once`, `highest rate`; whatever has no such level goes by its id. The same in every run. */
export function loadText({ id, params }: RunCell): string {
  const { requestRate, concurrency, find } = params;
  if (find === "max-rate") return "highest rate";
  if (find === "max-concurrency") return "highest concurrency";
  if (concurrency !== undefined) return `${concurrency} at once`;
  if (requestRate === undefined) return id.slice(id.indexOf("/") + 1);
  return requestRate === "inf" ? "all at once" : `${requestRate} req/s`;
}
