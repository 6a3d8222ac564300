import type { Instance, Targets, TestLists } from "./instance.ts";
import type { KnownTests } from "./junit/test-id.ts";

/** What of an instance its grade needs, and is kept with its results so that they can be graded again without the dataset. */
export interface Tested {
  targets: Targets;
  lists?: TestLists | undefined;
  /** Files that the test patch writes. */
  testFiles: readonly string[];
}

export const testedOf = ({ targets, lists, testPatch }: Instance): Tested => ({
  ...{ targets, lists },
  testFiles: filesIn(testPatch),
});

const NEW_FILE = "+++ b/";

/** Paths of the files that a patch of git's writes. */
export function filesIn(patch: string): string[] {
  const heads = patch.split("\n").filter((line) => line.startsWith(NEW_FILE));
  return heads.map((line) => line.slice(NEW_FILE.length).trimEnd());
}

/** Path of the file that a test is in. */
export const fileOf = (id: string) => id.split("::", 1)[0]!;

export function knownTests({ targets, lists, testFiles }: Tested): KnownTests {
  const paths = targets.kind === "none" ? [] : targets.paths;
  const ids = [...paths, ...(lists?.failToPass ?? []), ...(lists?.passToPass ?? [])];
  const asked = targets.kind === "ids" ? new Set(ids) : undefined;
  return { ids: new Set(ids), files: new Set([...testFiles, ...ids.map(fileOf)]), asked };
}
