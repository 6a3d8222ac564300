import { UserError } from "../../errors.ts";
import { cut, limitOf } from "../../foreign-text/limits.ts";
import type { Run } from "../document/run.ts";
import { excesses } from "./excesses.ts";

/**
 * A new document whose texts are no longer than {@link limitOf} says: a name or message of megabytes must not keep it from being published.
 * @throws UserError where it has more entries than any: to leave some out would make it another measurement
 */
export function boundedRun(run: Run): Run {
  const result = bounded(run, "") as Run;
  const [excess] = excesses(result);
  if (excess === undefined) return result;
  throw new UserError(`the run ${excess.text}: measure or import it in parts, each into a document of its own`);
}

function bounded(value: unknown, key: string): unknown {
  if (typeof value === "string") return cut(value, limitOf(key));
  if (Array.isArray(value)) return value.map((one) => bounded(one, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bounded(one, name)]));
}
