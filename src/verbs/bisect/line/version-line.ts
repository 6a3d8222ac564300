import { UsageError } from "../../../errors.ts";
import type { BisectBuild } from "../../../result/document/bisect.ts";

/** The versions from the good end to the bad one, as they were given; by default the first and the last. */
export function versionLine(versions: readonly string[], good?: string, bad?: string): BisectBuild[] {
  const twice = versions.find((one, index) => versions.indexOf(one) !== index);
  if (twice !== undefined) throw new UsageError(`--versions names ${twice} twice`);
  const [first, last] = [placeOf(versions, good, "good") ?? 0, placeOf(versions, bad, "bad") ?? versions.length - 1];
  if (first >= last) {
    throw new UsageError("--versions must name two or more, the good end first, with --good before --bad");
  }
  return versions.slice(first, last + 1).map((name) => ({ name, weight: 1 }));
}

function placeOf(versions: readonly string[], name: string | undefined, flag: string): number | undefined {
  if (name === undefined) return undefined;
  const place = versions.indexOf(name);
  if (place >= 0) return place;
  throw new UsageError(`--${flag} ${name} is none of --versions ${versions.join(",")}`);
}
