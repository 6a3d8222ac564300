import { UsageError, UserError } from "../../errors.ts";
import { readDataset } from "../../evaluate/dataset/dataset.ts";
import { idsIn, select } from "../../evaluate/dataset/select.ts";
import type { Instance } from "../../evaluate/instance.ts";
import { refuseTarget } from "../../evaluate/results/merge.ts";
import { groupNamed, readVersionSpecs, type VersionSpecs } from "../../images/specs/version-specs.ts";
import { BodyTooLarge, readBody } from "../../limited-body.ts";
import { LARGEST_FILE_MIB, readPlain } from "../../plain-file.ts";
import type { EvaluateInputs } from "./inputs.ts";

export interface Asked {
  /** The whole dataset. */
  all: readonly Instance[];
  /** What of it is to be evaluated. */
  instances: readonly Instance[];
  specs: VersionSpecs | undefined;
  /** The group of versions that one is in. */
  groupOf(instance: Instance): string | undefined;
}

/** @throws UserError for a file that is not what it should be, or an id that is not in it */
export async function readAsked(inputs: EvaluateInputs): Promise<Asked> {
  const { dataset, specs: specsFile, shard, category, versionGroup, mergeInto } = inputs;
  if (dataset === undefined)
    throw new UsageError("--dataset FILE says which instances there are; or try it with --demo");
  if (mergeInto !== undefined) refuseTarget(dataset, mergeInto);
  const specs = specsFile === undefined ? undefined : await readVersionSpecs(specsFile);
  if (versionGroup !== undefined && specs === undefined)
    throw new UsageError("--version-group needs --specs version_specs.json");
  for (const name of versionGroup ?? []) groupNamed(specs!, name);
  const all = await readDataset(dataset);
  const groupOf = ({ version }: Instance) =>
    version === undefined ? undefined : specs?.groupOfVersion.get(version)?.name;
  const selection = { ids: await idsOf(inputs.instances), categories: category, groups: versionGroup };
  const part = shard === undefined ? undefined : { index: shard.index, count: shard.of };
  return { all, instances: select(all, { ...selection, shard: part }, groupOf), specs, groupOf };
}

/** Undefined: all. */
async function idsOf(given: readonly string[]): Promise<string[] | undefined> {
  if (given.length === 1 && given[0] === "all") return undefined;
  const ids = await Promise.all(
    given.map(async (one) => {
      if (one === "-") return idsIn(await readInput());
      return one.startsWith("@") ? idsIn(await readPlain(one.slice(1))) : [one];
    }),
  );
  return ids.flat();
}

async function readInput(): Promise<string> {
  try {
    return await readBody(process.stdin, LARGEST_FILE_MIB * 2 ** 20);
  } catch (cause) {
    if (!(cause instanceof BodyTooLarge)) throw cause;
    throw new UserError(`standard input has more than the ${LARGEST_FILE_MIB} MiB that are read of ids`, { cause });
  }
}
