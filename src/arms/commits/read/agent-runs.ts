import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { messageOf, UserError } from "../../../errors.ts";
import { parseJson } from "../../../files.ts";
import { readPlain } from "../../../plain-file.ts";

/** A patch that an agent wrote for a commit's baseline. */
export interface AgentPatch {
  agent: string;
  /** First digits of the human's commit. */
  commit: string;
  /** Empty where the agent changed nothing. */
  patch: string;
  /** Path of the patch, or of what says that there is none. */
  file: string;
  /** When the agent ran, in words that sort; empty where nobody says. */
  at: string;
}

const Summary = z.object({
  schema_version: z.string().regex(/^1\./, "must be 1.x, the version that is known"),
  meta: z.object({ agent: z.string().trim().min(1), model: z.string().nullish(), timestamp: z.string().nullish() }),
  commits: z.object({ human: z.string().regex(/^[0-9a-f]{7,40}$/, "must be the first digits of a commit, 7 or more") }),
  agent: z.object({ status: z.string(), patch_generated: z.boolean().nullish() }),
});

const SUMMARY = "run_summary.json";
const PATCH = "model_patch.diff";
const PLAIN = /^([0-9a-f]{7,40})\.(?:diff|patch)$/;

/**
 * Patches below a folder: of an agent's runs, each with its run_summary.json and model_patch.diff; and files that are called
 * like their commit, `015069b0.patch`.
 * @param name of the agent, instead of the one in its files
 * @returns those of an agent in the order of its runs
 * @throws UserError for a folder that has none, or a summary that is not in that form
 */
export async function readAgentRuns(folder: string, name?: string): Promise<AgentPatch[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause) => {
    throw new UserError(`${folder} could not be read: ${messageOf(cause)}`, { cause });
  });
  const sorted = names.toSorted();
  const runs = sorted
    .filter((path) => basename(path) === SUMMARY)
    .map((path) => runOf(folder, path, new Set(names), name));
  const plain = sorted.flatMap((path) => {
    const [, commit] = PLAIN.exec(basename(path)) ?? [];
    return commit === undefined ? [] : [plainPatch(join(folder, path), commit, name ?? basename(folder))];
  });
  const found = await Promise.all([...runs, ...plain]);
  if (found.length > 0) return found.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  throw new UserError(`${folder} has no patches: neither a ${SUMMARY} of an agent, nor a file like 015069b0.patch`);
}

async function runOf(folder: string, path: string, names: ReadonlySet<string>, name?: string): Promise<AgentPatch> {
  const summaryFile = join(folder, path);
  const { meta, commits, agent } = parseJson(await readPlain(summaryFile), Summary, summaryFile);
  const patchFile = join(dirname(path), PATCH);
  const hasPatch = names.has(patchFile) && agent.patch_generated !== false;
  return {
    agent: name ?? agentName(meta),
    commit: commits.human,
    patch: hasPatch ? await readPlain(join(folder, patchFile)) : "",
    file: hasPatch ? join(folder, patchFile) : summaryFile,
    at: meta.timestamp ?? path,
  };
}

/** The agent, and its model where that has a name of its own. */
const agentName = ({ agent, model }: z.output<typeof Summary>["meta"]) =>
  model === null || model === undefined || ["", "default"].includes(model.trim()) ? agent : `${agent}-${model.trim()}`;

const plainPatch = async (file: string, commit: string, agent: string): Promise<AgentPatch> => ({
  ...{ agent, commit, patch: await readPlain(file), file, at: "" },
});
