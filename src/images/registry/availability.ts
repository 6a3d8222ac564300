import { UserError } from "../../errors.ts";
import { askDocker, type Docker } from "../../machine/docker/client.ts";
import { inspectImage } from "../../machine/docker/image.ts";
import type { RegistryPlace } from "./place.ts";
import { NoAnswer, Registry } from "./registry.ts";

/** What is known of an image before it is run. */
export type Availability =
  | { state: "here" }
  | { state: "in_registry" }
  | { state: "missing" }
  /** Nobody could say; to try is the only way to find out. */
  | { state: "unknown"; why: string };

interface Where {
  /** As it is written in the image's name. */
  repository: string;
  place: RegistryPlace;
  /** Undefined on a machine without Docker. */
  docker: Docker | undefined;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/**
 * Looks images up before anything runs: on this machine, then by their manifest in the registry, without an account by its
 * HTTP interface, else by Docker's client, which may have one.
 * @returns by tag
 */
export async function lookUp(tags: readonly string[], where: Where): Promise<Map<string, Availability>> {
  const registry = new Registry(where.place, where.signal);
  const found = new Map<string, Availability>();
  let silence: NoAnswer | undefined;
  const hasTag = async (tag: string) => {
    if (silence !== undefined) throw silence;
    return await registry.has(tag);
  };
  // One after the other: registries count questions of those without an account.
  for (const tag of new Set(tags)) {
    found.set(
      tag,
      await availabilityOf(tag, hasTag, where).catch((error) => {
        if (!(error instanceof NoAnswer)) throw error;
        silence = error;
        return { state: "unknown" as const, why: error.message };
      }),
    );
  }
  return found;
}

async function availabilityOf(
  tag: string,
  hasTag: (tag: string) => Promise<boolean>,
  where: Where,
): Promise<Availability> {
  const image = `${where.repository}:${tag}`;
  const { docker, env } = where;
  if (docker !== undefined && (await inspectImage(docker, image, env)) !== undefined) return { state: "here" };
  try {
    return (await hasTag(tag)) ? { state: "in_registry" } : { state: "missing" };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Docker's client would wait as long for the same registry.
    if (error instanceof NoAnswer) throw error;
    if (docker === undefined) return { state: "unknown", why: error.message };
    return await byClient(image, docker, env, error.message);
  }
}

const UNKNOWN_MANIFEST = /no such manifest|manifest unknown|not found/i;

async function byClient(image: string, docker: Docker, env: NodeJS.ProcessEnv, why: string): Promise<Availability> {
  const { exitCode, stderr } = await askDocker(docker, ["manifest", "inspect", image], env);
  if (exitCode === 0) return { state: "in_registry" };
  return UNKNOWN_MANIFEST.test(stderr) ? { state: "missing" } : { state: "unknown", why };
}
