import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { pitwall, startPitwall } from "../support/cli.ts";
import { git } from "../support/git-repository.ts";
import { json } from "../vllm/pitwall.ts";
import { freePort, startRegistry } from "./registry.ts";
import { importStandInBase } from "./stand-in/base.ts";

const dockerHost = inject("dockerHost");
const SPECS = join(import.meta.dirname, "../fixtures/infra-gym/version_specs.json");
/** A client with BuildKit, where there are two. */
const program = existsSync("/usr/bin/docker") ? "/usr/bin/docker" : "docker";
const docker = (...args: string[]) =>
  execFileSync(program, ["--host", dockerHost, ...args], { encoding: "utf8" }).trim();
const inImage = (image: string, ...command: string[]) => docker("run", "--rm", "--network", "none", image, ...command);
const labelsOf = (image: string) =>
  JSON.parse(docker("image", "inspect", "--format", "{{json .Config.Labels}}", image));

let folder: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pitwall-images-"));
  const versions = ["11.8.0", "12.1.0", "12.4.0"];
  importStandInBase(
    folder,
    dockerHost,
    versions.map((cuda) => `nvidia/cuda:${cuda}-devel-ubuntu22.04`),
  );
  registry = await startRegistry(folder);
});
afterAll(() => {
  registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const STAND = {
  "base-image": "nvidia/cuda:12.4.0-devel-ubuntu22.04",
  cuda: "12.4.0",
  python: "3.10",
  pytorch: "2.4.0",
};

/** A folder with images of pitwall.yml, in which the command line is called. */
async function workplace(images: Record<string, unknown> = {}) {
  const place = await createFixture({ "pitwall.yml": JSON.stringify({ images }) });
  const env = { DOCKER_HOST: dockerHost, PITWALL_DOCKER: program, NO_COLOR: "1" };
  const args = ["--build-options", "--network host", "--quiet", "--output", place.getPath("out")];
  const call = (...given: string[]) => ["build-image", ...given, ...args];
  return {
    path: place.path,
    start: (...given: string[]) => startPitwall(call(...given), place.path, env),
    build: (given: string[], more: NodeJS.ProcessEnv = {}) => pitwall(call(...given), place.path, { ...env, ...more }),
    images: (): Record<string, Record<string, unknown>> =>
      Object.fromEntries(json(place.getPath("out/images.json")).map((one: { image: string }) => [one.image, one])),
    [Symbol.asyncDispose]: () => place.rm(),
  };
}

/** What the builds of base images have printed by now. */
const logsIn = (path: string) =>
  execFileSync("sh", ["-c", `cat ${path}/out/logs/build-infra-gym-base*.log 2>/dev/null || true`], {
    encoding: "utf8",
  });

describe("infra-gym's images", () => {
  test("are built in layers, with PyTorch, tests and a user of their own; what kernels are absent is a label", async () => {
    await using place = await workplace();
    const { exitCode, stderr } = await place.build(["--specs", SPECS]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(Object.values(place.images()).map(({ status }) => status)).toEqual(Array(9).fill("built"));
    expect(inImage("infra-gym:v0.6", "sh", "-c", "id -u; pwd; command -v setup_vllm_env.sh")).toBe(
      "999\n/workspace/vllm\n/usr/local/bin/setup_vllm_env.sh",
    );
    expect(inImage("infra-gym:v0.1-v0.2", "python", "-c", "import torch; print(torch.__version__)")).toBe("2.0.1");
    expect(inImage("infra-gym:v0.5", "python", "-m", "pytest", "--version")).toContain("pytest");
    const absent = (group: string) => labelsOf(`infra-gym:${group}`)["org.pitwall.absent-kernels"];
    expect([absent("v0.1-v0.2"), absent("v0.4"), absent("v0.6")]).toEqual(["", "", "flashinfer"]);
  }, 900_000);

  test("are left as they are when nothing has changed", async () => {
    await using place = await workplace();
    const start = performance.now();
    const { exitCode } = await place.build(["--specs", SPECS]);
    console.log(`second build of all 9 images: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    expect(exitCode).toBe(0);
    expect(Object.values(place.images()).map(({ status }) => status)).toEqual(Array(9).fill("unchanged"));
  });

  test("of one version are its group and base, pushed to a registry", async () => {
    await using place = await workplace();
    const { exitCode, stderr } = await place.build(["0.6.2", "--specs", SPECS, "--push", "--registry", registry.host]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const built = place.images();
    expect(Object.keys(built)).toEqual(["infra-gym-base:cuda12.4.0-py3.12", "infra-gym:v0.6"]);
    const digest = String(built["infra-gym:v0.6"]!.digest);
    expect(digest).toMatch(new RegExp(`^${registry.host}/infra-gym@sha256:[0-9a-f]{64}$`));
    const headers = { Accept: "application/vnd.docker.distribution.manifest.v2+json" };
    const stored = await fetch(`http://${registry.host}/v2/infra-gym/manifests/v0.6`, { headers });
    expect(stored.headers.get("docker-content-digest")).toBe(digest.split("@")[1]);
  });

  test("by the lines of --dry-run come out the same", async () => {
    await using place = await workplace();
    const { stdout } = await place.build(["v0.3", "--specs", SPECS, "--dry-run"]);
    const path = `${join(program, "..")}:${process.env.PATH}`;
    execFileSync("bash", ["-e", "-c", stdout], {
      env: { ...process.env, DOCKER_HOST: dockerHost, PATH: path },
      stdio: "pipe",
    });
    await place.build(["v0.3", "--specs", SPECS]);
    expect(place.images()["infra-gym:v0.3"]).toMatchObject({ status: "unchanged", absent_kernels: [] });
  });
});

describe("images of our own", () => {
  test("one that fails says why and keeps back what stands on it; the others are built", async () => {
    const broken = { ...STAND, kernels: [], engine: { release: "9.9.9" } };
    const baseless = { ...STAND, "base-image": "127.0.0.1:1/none:1", kernels: [] };
    await using place = await workplace({
      ...{ broken, good: { ...broken, engine: { release: "0.6.4.post1" } }, baseless },
    });
    const { exitCode, stdout } = await place.build([]);
    expect(exitCode).toBe(1);
    const built = place.images();
    expect(built["infra-gym:good"]).toMatchObject({ status: "built" });
    expect(built["infra-gym:broken"]).toMatchObject({ status: "failed", reason: "package_missing" });
    expect(String(built["infra-gym:broken"]!.stage)).toContain("pip install");
    expect(built["infra-gym:baseless"]).toMatchObject({ status: "skipped" });
    expect(stdout).toContain("No matching distribution found for vllm==9.9.9");
    expect(inImage("infra-gym:good", "python", "-c", "import vllm; print(vllm.__version__)")).toBe("0.6.4.post1");
  });

  test("proxies of pitwall.yml reach a build in both spellings, and are nowhere in the image", async () => {
    await using place = await workplace({ proxied: { ...STAND, python: "3.12", kernels: [] } });
    const { exitCode } = await place.build(["proxied", "--no-cache", "--http-proxy", "http://me:hush@127.0.0.1:9"]);
    expect(exitCode).toBe(0);
    expect(logsIn(place.path)).toContain("http_proxy=http://me:hush@127.0.0.1:9 HTTP_PROXY=http://me:hush@127.0.0.1:9");
    for (const image of Object.keys(place.images())) {
      const kept = docker("history", "--no-trunc", image) + docker("image", "inspect", image);
      expect(kept).not.toContain("hush");
    }
  });

  test("Ctrl-C ends builds in order: no container is left, and nothing is taken for built", async () => {
    await using place = await workplace({ late: { ...STAND, python: "3.12", kernels: [] } });
    const { child, ended } = place.start("late", "--no-cache");
    await vi.waitUntil(() => logsIn(place.path).includes("RUN"), { timeout: 30_000 });
    child.kill("SIGINT");
    expect((await ended).exitCode).not.toBe(0);
    expect(docker("ps", "--all", "--quiet")).toBe("");
    expect(Object.values(place.images()).map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });
});

describe("images of a commit and its parent", () => {
  test("are built from source and pushed under ISO-Bench's tags", async () => {
    await using repository = await createFixture({
      "vllm/pyproject.toml": PROJECT,
      "vllm/vllm/__init__.py": "SPEED = 1\n",
    });
    const source = repository.getPath("vllm");
    const commits = ["SPEED = 1\n", "SPEED = 2\n"].map((text) => commitOf(source, text)) as [string, string];
    const port = await freePort();
    const serve = [
      "--reuseaddr",
      "--export-all",
      "--listen=127.0.0.1",
      `--port=${port}`,
      `--base-path=${repository.path}`,
    ];
    const daemon = spawn("git", ["daemon", ...serve, repository.path], { stdio: "ignore", detached: true });
    const engine = { source: "0000000", repository: `git://127.0.0.1:${port}/vllm` };
    await using place = await workplace({ bench: { ...STAND, kernels: [], engine } });
    const [parent, commit] = commits;
    await repository.writeFile(
      "mapping.json",
      JSON.stringify([{ human_full: commit, parent_short: parent.slice(0, 12) }]),
    );
    const mapping = ["--mapping", repository.getPath("mapping.json"), "--commits", commit.slice(0, 8)];
    try {
      const { exitCode, stdout } = await place.build([
        ...mapping,
        "--tag-prefix",
        "bench",
        "--push",
        "--registry",
        registry.host,
      ]);
      expect({ exitCode, stdout: exitCode === 0 ? "" : stdout }).toEqual({ exitCode: 0, stdout: "" });
    } finally {
      process.kill(-daemon.pid!, "SIGTERM");
    }
    const speed = (tag: string) => inImage(`bench:${tag}`, "python", "-c", "import vllm; print(vllm.SPEED)");
    expect([speed(commit), speed(`baseline-${parent.slice(0, 12)}`)]).toEqual(["2", "1"]);
    const { tags } = (await (await fetch(`http://${registry.host}/v2/bench/tags/list`)).json()) as { tags: string[] };
    expect(tags).toEqual(expect.arrayContaining([commit, `baseline-${parent.slice(0, 12)}`]));
    expect(labelsOf(`bench:${commit}`)["org.opencontainers.image.revision"]).toBe(commit);
  }, 300_000);
});

const PROJECT = `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "vllm"
version = "1.0"
[tool.setuptools]
packages = ["vllm"]
`;

function commitOf(source: string, text: string): string {
  if (!existsSync(join(source, ".git"))) git(source, "init", "--quiet");
  execFileSync("sh", ["-c", 'printf %s "$1" > vllm/__init__.py', "sh", text], { cwd: source });
  git(source, "add", "--all");
  git(source, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--message", text.trim());
  return git(source, "rev-parse", "HEAD");
}
