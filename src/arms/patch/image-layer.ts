import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { makeFolder, writeFileAtomically } from "../../files.ts";
import { askDocker, type Docker, lastLine } from "../../machine/docker/client.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { Tools } from "../../tools.ts";
import { FIND_PACKAGE } from "./overlay.ts";
import { type Patched, patchedFiles } from "./patched-files.ts";

/** Names what compared arms leave in Docker, by the working folder that they belong to. */
const LAYER_LABEL = "pitwall.compare";

export type Layer = { kind: "layer"; image: string } | Extract<Patched, { kind: "refused" }>;

interface Wanted {
  docker: Docker;
  image: string;
  patch: string;
  /** Value of {@link LAYER_LABEL}. */
  owner: string;
}

/**
 * A layer on an image that is here, in which the files that the patch touches are patched. The image may have neither git nor a
 * shell, so they are patched outside of it.
 */
export async function buildLayer({ docker, image, patch, owner }: Wanted, tools: Tools): Promise<Layer> {
  const { env } = tools;
  const found = await inImage(docker, image, env);
  if (found === undefined) return refused("patch_failed", `the image ${image} has no package vllm to put it onto`);
  const scratch = await mkdtemp(join(tmpdir(), "pitwall-layer-"));
  const created = await askDocker(docker, ["create", "--network", "none", "--label", label(owner), image, "true"], env);
  if (created.exitCode !== 0) throw new UserError(`docker create failed: ${lastLine(created.stderr)}`);
  const container = created.stdout.trim();
  try {
    const patched = await patchedFiles(
      patch,
      (path) => copyOut({ docker, container, found, path, scratch, env }),
      tools,
    );
    if (patched.kind === "refused") return patched;
    const context = join(scratch, "context");
    await makeFolder(join(context, "vllm"));
    const gone: string[] = [];
    for (const { path, content } of patched.files) {
      if (content === null) gone.push(path.replace(/^vllm/, found));
      else await writeFileAtomically(join(context, path), content);
    }
    const tag = `pitwall-compare:${randomBytes(8).toString("hex")}`;
    await writeFile(join(context, "Dockerfile"), dockerfile(image, found, gone));
    const words = ["build", "--quiet", "--network", "none", "--label", label(owner), "--tag", tag, context];
    const built = await askDocker(docker, words, env);
    if (built.exitCode === 0) return { kind: "layer", image: tag };
    return refused("patch_failed", `no layer could be built on ${image}: ${lastLine(built.stderr)}`);
  } finally {
    await askDocker(docker, ["rm", "--force", container], env);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Removes every layer and container that carries a working folder's label. */
export async function removeLayers(docker: Docker, owner: string, env: NodeJS.ProcessEnv): Promise<void> {
  const filter = ["--filter", `label=${label(owner)}`, "--quiet"];
  for (const [kind, ...all] of [
    ["container", "--all"],
    ["image", "--all"],
  ] as const) {
    const { stdout } = await askDocker(docker, [kind, "ls", ...all, ...filter], env);
    const ids = [...new Set(stdout.split("\n").filter((id) => id !== ""))];
    if (ids.length > 0) await askDocker(docker, [kind, "rm", "--force", ...ids], env);
  }
}

const label = (owner: string) => `${LAYER_LABEL}=${owner}`;

const refused = (reason: Failure["reason"], detail: string): Layer => ({
  kind: "refused",
  failure: { reason, detail },
});

async function inImage(docker: Docker, image: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const words = ["run", "--rm", "--network", "none", "--entrypoint", "python3", image, "-c", FIND_PACKAGE];
  const { exitCode, stdout } = await askDocker(docker, words, env);
  const folder = stdout.trim().split("\n").at(-1) ?? "";
  // Instructions of a Dockerfile take it as it is.
  return exitCode === 0 && /^\/[\w@.+/-]+$/.test(folder) ? folder : undefined;
}

interface Copying {
  docker: Docker;
  container: string;
  found: string;
  path: string;
  scratch: string;
  env: NodeJS.ProcessEnv;
}

async function copyOut({ docker, container, found, path, scratch, env }: Copying): Promise<Buffer | undefined> {
  const to = join(scratch, "one");
  const from = `${container}:${path.replace(/^vllm/, found)}`;
  const { exitCode } = await askDocker(docker, ["cp", "--follow-link", from, to], env);
  if (exitCode !== 0) return undefined;
  const content = await readFile(to);
  await rm(to, { force: true });
  return content;
}

/** The image's own command and user stay what they were. */
function dockerfile(image: string, found: string, gone: readonly string[]): string {
  const lines = [`FROM ${image}`, `COPY vllm/ ${found}/`];
  if (gone.length > 0) lines.push(`RUN ${JSON.stringify(["rm", "-f", ...gone])}`);
  return `${lines.join("\n")}\n`;
}
