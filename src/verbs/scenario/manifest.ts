import { UsageError } from "../../errors.ts";
import { writeFileAtomically } from "../../files.ts";
import { withoutCredentials } from "../../machine/git.ts";
import { VERSION } from "../../package-root.ts";
import { readPlain } from "../../plain-file.ts";
import { jobManifest } from "../../scenario/job-manifest.ts";
import { CONFIG_FILE } from "../schema/config-file.ts";
import type { Outcome } from "../verb.ts";
import type { ScenarioInputs } from "./inputs.ts";

const NAME = /^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/;

/** Prints a manifest that runs the experiments of a pitwall.yml as one indexed Job. @throws UsageError for what is missing */
export async function showManifest(inputs: ScenarioInputs, name: string): Promise<Outcome> {
  const { image, shards, gpus, database, tokenSecret, namespace, file } = inputs;
  if (!NAME.test(name)) throw new UsageError(`“${name}” is no name of a Job: small letters, digits and dashes`);
  if (image === undefined) throw new UsageError("scenario manifest needs --image, with vLLM, Node 20 or newer and git");
  if (database === undefined || database === "origin") {
    throw new UsageError("scenario manifest needs --database, a repository that every pod reaches");
  }
  if (withoutCredentials(database) !== database) {
    throw new UsageError(
      "--database holds a user name or password, which the manifest would show; put a token into a secret: --token-secret NAME",
    );
  }
  const config = await readPlain(CONFIG_FILE);
  if (!/^experiments:/m.test(config)) {
    throw new UsageError(`${CONFIG_FILE} has no experiments: only those can be spread, see docs/experiments.md`);
  }
  const text = jobManifest({
    ...{ name, namespace, image, shards, gpus, config },
    ...{ database, tokenSecret, version: VERSION },
  });
  if (file === undefined) return { ok: true, outputs: {}, text: text.trimEnd() };
  await writeFileAtomically(file, text);
  return { ok: true, outputs: {}, text: `wrote ${file}; start it with: kubectl apply -f ${file}` };
}
