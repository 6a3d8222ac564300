import { UsageError } from "../../errors.ts";
import { RUN_ID } from "../../result/document/run.ts";

/** @throws UsageError with `missing` for none, and for what is no run's id */
export function checkedIds(ids: readonly string[], missing: string): string[] {
  if (ids.length === 0) throw new UsageError(missing);
  for (const id of ids) {
    if (!RUN_ID.test(id)) {
      throw new UsageError(
        `“${id}” is not the id of a run, like 20261122T064501Z-7f3a9c2e; history --format csv shows them`,
      );
    }
  }
  return [...ids];
}
