import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../../files.ts";
import { Run } from "../../result/document/run.ts";
import { CATEGORIES, type Instance } from "../instance.ts";
import { testedOf } from "../tested.ts";
import { type Candidate, EMPTY, GOLD } from "../work/candidate.ts";
import { taskOf } from "../work/key.ts";

const Paths = z.array(z.string()).readonly();

const AskedInstance = z.strictObject({
  id: z.string(),
  repo: z.string(),
  version: z.string().optional(),
  baseCommit: z.string(),
  category: z.enum(CATEGORIES).optional(),
  /** Versions that share an image; “other” where nothing says. */
  group: z.string(),
  tested: z.strictObject({
    targets: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.enum(["ids", "files"]), paths: Paths }),
      z.strictObject({ kind: z.literal("none") }),
    ]),
    lists: z.strictObject({ failToPass: Paths, passToPass: Paths }).optional(),
    testFiles: Paths,
  }),
});
export type AskedInstance = z.infer<typeof AskedInstance>;

/** What an evaluation was asked for: the denominator of all its numbers, however far it came. */
export const Asked = z.strictObject({
  schema: z.literal("pitwall.asked/1"),
  /** Gold and empty patches go first, and say which instances are valid. */
  controls: z.boolean(),
  candidates: z.array(
    z.strictObject({
      name: z.string(),
      model: z.string(),
      /** What it answers, by instance, as evidence names it: an instance that is not here has no patch of it. */
      tasks: z.record(z.string(), z.string()),
    }),
  ),
  instances: z.array(AskedInstance),
  /** Who asked, and where: facts of the run documents, which are written again with the grades. */
  trigger: Run.shape.trigger,
  host: Run.shape.host,
});
export type Asked = z.infer<typeof Asked>;

interface Question extends Pick<Asked, "trigger" | "host"> {
  instances: readonly Instance[];
  candidates: readonly (Candidate & { model?: string })[];
  controls: boolean;
  groupOf(instance: Instance): string | undefined;
}

export const askedOf = ({ instances, candidates, controls, groupOf, trigger, host }: Question): Asked => ({
  ...{ schema: "pitwall.asked/1", controls, trigger, host },
  candidates: candidates.map((candidate) => ({
    ...{ name: candidate.name, model: candidate.model ?? candidate.name },
    tasks: tasksOf(candidate, instances),
  })),
  instances: instances.map((one) => ({
    ...{ id: one.id, repo: one.repo, version: one.version, baseCommit: one.baseCommit, category: one.category },
    ...{ group: groupOf(one) ?? "other", tested: testedOf(one) },
  })),
});

function tasksOf(candidate: Candidate, instances: readonly Instance[]): Record<string, string> {
  const tasks = instances.map((one) => {
    const patch = candidate.patchOf(one);
    return patch === undefined ? [] : [[one.id, taskOf(one, patch)] as const];
  });
  return Object.fromEntries(tasks.flat());
}

/** Names that are no model's. */
export const CONTROLS: readonly string[] = [GOLD.name, EMPTY.name];

const FILE = "asked.json";
export const writeAsked = (output: string, asked: Asked) => writeJson(join(output, FILE), asked);
/** Whether an evaluation of ours has been in a folder. */
export const isEvaluated = (output: string) => existsSync(join(output, FILE));
/** @throws UserError where there is none */
export const readAsked = (output: string): Promise<Asked> => readJson(join(output, FILE), Asked);
