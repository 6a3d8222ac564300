import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../machine/program.ts";
import { outputOf } from "./check.ts";
import type { EvaluationCheck, EvaluationFinding, EvaluationPlace } from "./evaluation-check.ts";
import { freeGib, imageDisk, images } from "./evaluation-images.ts";

/** All that applies to the place. */
export async function evaluationChecks(place: EvaluationPlace): Promise<EvaluationFinding[]> {
  const findings = await Promise.all(CHECKS.map((check) => check(place)));
  return findings.filter((finding) => finding !== undefined);
}

const OLDEST_DOCKER = [20, 10] as const;

const dockerVersion: EvaluationCheck = async ({ runtime, env }) => {
  if (runtime !== "docker") return undefined;
  const name = "Docker";
  if (findProgram(env.PITWALL_DOCKER || "docker", env) === undefined) {
    return { name, state: "missing", detail: "there is no docker here", fix: "install it, or give --runtime local" };
  }
  const version = await outputOf(env.PITWALL_DOCKER || "docker", ["version", "--format", "{{.Server.Version}}"], env);
  if (version === undefined) {
    return {
      name,
      state: "missing",
      detail: "no daemon answers",
      fix: "start it, or give --runtime local for tests of the CPU",
    };
  }
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const isOld = major < OLDEST_DOCKER[0] || (major === OLDEST_DOCKER[0] && minor < OLDEST_DOCKER[1]);
  if (isOld) return { name, state: "missing", detail: `${version} is too old`, fix: "install 20.10 or later" };
  return { name, state: "good", detail: version };
};

/** Only builds need it. */
const buildKit: EvaluationCheck = async ({ runtime, env }) => {
  if (runtime !== "docker") return undefined;
  const version = await outputOf(env.PITWALL_DOCKER || "docker", ["buildx", "version"], env);
  if (version !== undefined) return { name: "BuildKit", state: "good", detail: version.split("\n", 1)[0]! };
  const fix = "build-image wants it: install docker-buildx-plugin, or set DOCKER_BUILDKIT=1";
  return { name: "BuildKit", state: "absent", detail: "no buildx here", fix };
};

const TREES_GIB = 2;

const treeDisk: EvaluationCheck = async () => {
  const free = await freeGib(tmpdir());
  if (free === undefined) return undefined;
  const detail = `${free.toFixed(1)} GiB free in ${tmpdir()}`;
  if (free >= TREES_GIB) return { name: "Disk of trees", state: "good", detail };
  return { name: "Disk of trees", state: "missing", detail, fix: "name a folder on another disk in TMPDIR" };
};

/** A clone on this disk; what a server has is asked when it is fetched. */
const repositoryCheck: EvaluationCheck = async ({ source: repository, commits, env }) => {
  const name = "Repository";
  if (repository === undefined || !isFolder(repository)) return undefined;
  const git = (...args: string[]) => outputOf("git", ["-c", "safe.directory=*", "-C", repository, ...args], env);
  const shallow = await git("rev-parse", "--is-shallow-repository");
  if (shallow === undefined)
    return { name, state: "missing", detail: `${repository} is no git repository`, fix: "clone it with git" };
  if (shallow === "true") {
    const fix = `complete it with: git -C ${repository} fetch --unshallow`;
    return { name, state: "missing", detail: `${repository} is a shallow clone`, fix };
  }
  const absent: string[] = [];
  for (const commit of commits)
    if ((await git("cat-file", "-e", `${commit}^{commit}`)) === undefined) absent.push(commit);
  if (absent.length === 0) return { name, state: "good", detail: `${repository}, with full history` };
  const detail = `${repository} lacks ${absent.length} of ${commits.length} commits, ${absent[0]} for one`;
  const state = absent.length === commits.length ? "missing" : "absent";
  return { name, state, detail, fix: `fetch them with: git -C ${repository} fetch --all`, isWarning: true };
};

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Anonymous pulls are limited by the hour, and nine images are many layers. */
const login: EvaluationCheck = async ({ runtime, env }) => {
  if (runtime !== "docker") return undefined;
  const file = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker"), "config.json");
  const text = await readFile(file, "utf8").catch(() => "");
  if (/"(auths|credsStore|credHelpers)"\s*:/.test(text))
    return { name: "Registry", state: "good", detail: `logged in by ${file}` };
  const fix = "docker login, where base images are pulled often";
  return { name: "Registry", state: "absent", detail: "pulls are anonymous, which registries limit by the hour", fix };
};

const user: EvaluationCheck = async ({ runtime, images: [image, ...others], env }) => {
  if (runtime !== "docker" || image === undefined || others.length > 0) return undefined;
  const found = await outputOf(
    env.PITWALL_DOCKER || "docker",
    ["image", "inspect", "--format", "{{.Config.User}}", image],
    env,
  );
  if (found === undefined) return { name: "Image's user", state: "absent", detail: `${image} is not on this machine` };
  return {
    name: "Image's user",
    state: "good",
    detail: `${found || "root"}; trees are made readable and writable for it`,
  };
};

const CHECKS: readonly EvaluationCheck[] = [
  ...[dockerVersion, buildKit, images, imageDisk, treeDisk, repositoryCheck, login, user],
];
