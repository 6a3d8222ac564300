import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { present } from "../result/present.ts";
import { text } from "../verbs/schema/fields.ts";
import { inGroup } from "../verbs/schema/groups.ts";
import { integer } from "../verbs/schema/number-fields.ts";
import { notice, warning } from "./log.ts";

export const artifactInputs = inGroup("Output", {
  artifactName: text(
    "Upload the working folder as an artifact of this name, also when the run failed. Without it nothing is uploaded.",
    "NAME",
  ).optional(),
  retentionDays: integer("Days that GitHub keeps the artifact. Without it the repository's setting holds.", {
    placeholder: "DAYS",
  }).optional(),
});

interface Artifact {
  name: string;
  folder: string;
  /** Those below the folder to upload; all of them by default. */
  files?: string[];
  retentionDays?: number | undefined;
}

/** Never throws: a lost artifact must not turn a good measurement into a failed step. */
export async function uploadArtifact({ name, folder, files, retentionDays }: Artifact): Promise<void> {
  if (!existsSync(folder)) return notice(`no artifact “${name}”: ${folder} was not written`);
  if (!process.env.ACTIONS_RUNTIME_TOKEN) {
    return notice(`no artifact “${name}”: this runner has no artifact service (ACTIONS_RUNTIME_TOKEN is not set)`);
  }
  try {
    // Larger than all else that an action loads, for the one that uploads something.
    const { DefaultArtifactClient } = await import("@actions/artifact");
    const options = present({ retentionDays });
    await new DefaultArtifactClient().uploadArtifact(name, files ?? (await filesIn(folder)), folder, options);
  } catch (cause) {
    warning(`the artifact “${name}” could not be uploaded: ${messageOf(cause)}`);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
