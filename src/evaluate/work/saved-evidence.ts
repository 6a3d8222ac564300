import { copyFile, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.ts";
import { makeFolder, readJson, writeJson } from "../../files.ts";
import { Evidence, type PhaseRun } from "../evidence.ts";

const Seconds = z.number().nonnegative();

/** What became of one candidate on one instance, and what it was made of: enough to grade it again, and to know it again. */
export const SavedEvidence = z.strictObject({
  schema: z.literal("pitwall.evidence/1"),
  instance: z.string(),
  candidate: z.string(),
  /** Digest of commit, tests and patch: with another one it answers another question. */
  task: z.string(),
  /** Digest of patches, tests, base commit, environment and limits; null where it stopped before they were known. */
  key: z.string().nullable(),
  /** The same of the phase before alone, which candidates share. */
  beforeKey: z.string().nullable(),
  environment: z
    .strictObject({
      name: z.string(),
      digest: z.string(),
      absentKernels: z.array(z.string()).readonly().optional(),
    })
    .nullable(),
  startedAt: z.iso.datetime(),
  stages: z.strictObject({ repository: Seconds, patches: Seconds, setUp: Seconds, before: Seconds, after: Seconds }),
  evidence: Evidence,
});
export type SavedEvidence = z.infer<typeof SavedEvidence>;

const FILE = "evidence.json";

/** Folder of one candidate's results on one instance. */
export const resultFolder = (output: string, candidate: string, instance: string) => join(output, candidate, instance);

/** Replaces what an earlier run left, last of all the file by which the result is known. */
export async function saveEvidence(output: string, saved: SavedEvidence, logFolders: readonly string[]): Promise<void> {
  const folder = resultFolder(output, saved.candidate, saved.instance);
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  for (const logs of logFolders) await copyLogs(logs, folder);
  await writeJson(join(folder, FILE), saved);
}

const NOT_TO_BE_HAD = ["EACCES", "EPERM", "ENOENT"];
const LOG = /^(before|after)-[\w-]+\.(log|xml)$/;

/**
 * Plain files only: a test can write into this folder, and a link could lead to any file of this machine. One that a container's
 * user keeps for itself, or takes away, stays where it is.
 */
async function copyLogs(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => []);
  for (const name of names.filter((one) => LOG.test(one))) {
    try {
      if ((await lstat(join(from, name))).isFile()) await copyFile(join(from, name), join(to, name));
    } catch (error) {
      if (!NOT_TO_BE_HAD.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

/** Undefined where there is none, or half of one. */
export async function readEvidence(
  output: string,
  candidate: string,
  instance: string,
): Promise<SavedEvidence | undefined> {
  try {
    return await readJson(join(resultFolder(output, candidate, instance), FILE), SavedEvidence);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Whether it says something of the patch: what stopped for want of something, or took too long, is tried again. */
export const isFinal = ({ evidence }: SavedEvidence): boolean =>
  evidence.kind === "phases" ? [evidence.before, evidence.after].every(isThrough) : evidence.kind !== "stopped";

/** Whether no run of a phase took too long. */
export const isThrough = (runs: readonly PhaseRun[]): boolean => runs.every(({ end }) => end.kind !== "timeout");
