import { readAgentRuns } from "../../arms/commits/read/agent-runs.ts";
import { readNotes } from "../../arms/commits/read/analysis.ts";
import { UsageError } from "../../errors.ts";
import { lookUp } from "../../images/registry/availability.ts";
import { parseRepository } from "../../images/registry/place.ts";
import { type CommitPair, pairsNamed, readCommitMapping, tagsOf } from "../../images/specs/commit-mapping.ts";
import { findDocker } from "../../machine/docker/client.ts";
import type { Tools } from "../../tools.ts";
import type { ComparePatchesInputs } from "./inputs.ts";
import { type PlannedTask, plannedTasks } from "./plan.ts";

/** The commits that were asked for. @throws UserError for a mapping that is wrong, or a commit that is not in it */
export async function readPairs({ mapping, commits }: ComparePatchesInputs): Promise<CommitPair[]> {
  if (mapping === undefined)
    throw new UsageError("--mapping FILE says which commits there are, or --results DIR what to report on");
  return pairsNamed(await readCommitMapping(mapping), commits);
}

/** What is to be measured of each commit; looks for all images first, so that a missing one is known before anything runs. */
export async function planFor(
  pairs: readonly CommitPair[],
  inputs: ComparePatchesInputs,
  { env, signal, report }: Tools,
): Promise<PlannedTask[]> {
  const {
    imageRepository: repository,
    type: types,
    model,
    engineArgs,
    maxModelLen,
    benchmarkTimeout,
    seed,
    commits,
  } = inputs;
  const folders = inputs.patches ?? [];
  const patches = (await Promise.all(folders.map(({ agent, folder }) => readAgentRuns(folder, agent)))).flat();
  const strange = patches.filter((one) => !pairs.some((pair) => pair.commit.startsWith(one.commit)));
  if (strange.length > 0)
    report.info(`${strange.length} patches of other commits are left out, like ${strange[0]!.file}`);
  const notes = await readNotes(inputs.analysis ?? []);
  const tags = pairs.flatMap((pair) => {
    const { human, baseline } = tagsOf(pair);
    return [
      ...(types.includes("human") ? [human] : []),
      ...(baseline === undefined || !needsBaseline(types) ? [] : [baseline]),
    ];
  });
  const place = parseRepository(repository);
  const found = await lookUp(tags, { repository, place, docker: findDocker(env), env, signal });
  const given = { model, engineArgs, maxModelLen, timeoutSeconds: benchmarkTimeout, seed };
  const named = !commits.includes("all");
  return plannedTasks({ pairs, notes, patches, repository, types, named, given }, found);
}

const needsBaseline = (types: ComparePatchesInputs["type"]) => types.includes("baseline") || types.includes("agent");
