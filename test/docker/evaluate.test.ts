import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Evidence, PhaseRun } from "../../src/evaluate/evidence.ts";
import { dockerRuntime } from "../../src/evaluate/runtime/docker/docker.ts";
import type { Finished } from "../../src/evaluate/work/plan.ts";
import { ABSENT_KERNELS_LABEL } from "../../src/images/labels.ts";
import { imageRuntime, LIMITS, smallEvaluation, TESTS } from "../support/evaluate/small-evaluation.ts";
import { commitIn } from "../support/evaluate/small-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { KILL_SEED, killIfThere, processesMarked, randomNumbers } from "../support/seeded-kills.ts";
import { buildPytestImage, PYTEST_IMAGE } from "./pytest-image.ts";

const dockerHost = inject("dockerHost");
const docker = (...args: string[]) =>
  execFileSync("docker", ["--host", dockerHost, ...args], { encoding: "utf8" }).trim();
const containers = () => docker("ps", "--all", "--filter", "label=pitwall.owner", "--format", "{{.Names}}");
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("pitwall-evaluate-"));

let made: string;
beforeAll(() => {
  process.env.DOCKER_HOST = dockerHost;
  made = mkdtempSync(join(tmpdir(), "pitwall-images-"));
  buildPytestImage(made, dockerHost);
  // Evaluations of others on this machine have folders too.
  process.env.TMPDIR = mkdtempSync(join(made, "trees-"));
  chmodSync(made, 0o755);
  chmodSync(process.env.TMPDIR, 0o755);
});
afterAll(() => {
  delete process.env.TMPDIR;
  rmSync(made, { recursive: true, force: true });
});

const settings = (change: Parameters<typeof imageRuntime>[1] = {}) => imageRuntime(PYTEST_IMAGE, change);
const ends = ({ saved: { evidence } }: Finished) =>
  evidence.kind === "phases" ? [...evidence.before, ...evidence.after].map(({ end }: PhaseRun) => end) : evidence;
const EXIT = (code: number) => ({ kind: "exit", code });

describe("an instance in containers", () => {
  test("fails before and passes after, as a user of the image's, and leaves nothing", async () => {
    await using at = await smallEvaluation();
    const [one] = await at.run([at.instance()], { runtime: dockerRuntime(settings()) });
    expect(ends(one!)).toEqual([EXIT(1), EXIT(0)]);
    const { after } = one!.saved.evidence as Extract<Evidence, { kind: "phases" }>;
    expect(after[0]!.junit).toContain('name="test_add"');
    expect(one!.saved.environment).toEqual({
      name: PYTEST_IMAGE,
      digest: docker("image", "inspect", "--format", "{{.Id}}", PYTEST_IMAGE),
    });
    expect([containers(), folders()]).toEqual(["", []]);
  });

  test("that hangs loses its container, not only the client", async () => {
    await using at = await smallEvaluation();
    const tests = {
      "tests/test_calc.py": "import time\n\ndef test_add():\n    time.sleep(600)\n\ndef test_zero():\n    pass\n",
    };
    const limits = { ...LIMITS, phaseSeconds: 8, testSeconds: 600 };
    const [one] = await at.run([at.instance({ tests })], { runtime: dockerRuntime(settings()), limits });
    const timeout = { kind: "timeout", seconds: 8 };
    expect(ends(one!)).toEqual([timeout, timeout]);
    expect([containers(), folders()]).toEqual(["", []]);
  });

  test("is set up by the image's script, in each phase on its own source", async () => {
    await using at = await smallEvaluation();
    const baseCommit = commitIn(at.origin, { "requirements-test.txt": "packaging\n" });
    const runtime = dockerRuntime(settings({ skipSetUp: false, network: "none" }));
    const [one] = await at.run([at.instance({ baseCommit, tests: TESTS })], { runtime });
    expect(ends(one!)).toEqual([EXIT(1), EXIT(0)]);
    const log = join(at.output, "gold/small-1/after-set-up.log");
    expect(existsSync(log) && execFileSync("cat", [log], { encoding: "utf8" })).toContain("[setup] ready");
    expect(containers()).toBe("");
  });

  test("whose set-up fails is a matter of the environment, with the script's words", async () => {
    await using at = await smallEvaluation();
    const baseCommit = commitIn(at.origin, { "requirements-test.txt": "no-such-package-anywhere\n" });
    const runtime = dockerRuntime(settings({ skipSetUp: false, network: "none" }));
    const [one] = await at.run([at.instance({ baseCommit })], { runtime });
    expect(ends(one!)).toMatchObject({ kind: "stopped", step: "set-up", status: "environment" });
    expect(JSON.stringify(ends(one!))).toContain("no-such-package-anywhere");
    expect(containers()).toBe("");
  });

  test("has no network in its tests, and no GPU", async () => {
    await using at = await smallEvaluation();
    const tests = {
      "tests/test_calc.py":
        'import os, socket\n\ndef test_add():\n    assert [n for _, n in socket.if_nameindex() if n != "lo"] == []\n    assert os.environ["CUDA_VISIBLE_DEVICES"] == ""\n\ndef test_zero():\n    pass\n',
    };
    const [one] = await at.run([at.instance({ tests })], { runtime: dockerRuntime(settings()) });
    expect(ends(one!)).toEqual([EXIT(0), EXIT(0)]);
  });

  test("keeps which optional kernels its image lacks", async () => {
    await using at = await smallEvaluation();
    const image = "pitwall-test/pytest-without-kernel:1";
    const container = docker("create", PYTEST_IMAGE, "true");
    docker("commit", "--change", `LABEL ${ABSENT_KERNELS_LABEL}=flash-attn`, container, image);
    docker("rm", container);
    const tools = recordingTools();
    const [one] = await at.run([at.instance()], { runtime: dockerRuntime(imageRuntime(image)) }, tools);
    expect(one!.saved.environment).toMatchObject({ name: image, absentKernels: ["flash-attn"] });
    expect(tools.said).toContain(`warning: ${image} lacks flash-attn: tests that need them fail for that reason`);
  });

  test("without an image stops with what to do", async () => {
    await using at = await smallEvaluation();
    const runtime = dockerRuntime({ ...settings(), imageOf: () => "infra-gym:none" });
    const [one] = await at.run([at.instance()], { runtime });
    expect(ends(one!)).toMatchObject({ kind: "stopped", detail: expect.stringContaining("pitwall build-image") });
  });
});

describe(`killed at a random moment (PITWALL_KILL_SEED=${KILL_SEED})`, () => {
  const SCRIPT = join(import.meta.dirname, "../support/evaluate/run-evaluation.ts");
  const random = randomNumbers(KILL_SEED);
  const moments = Array.from({ length: 8 }, () => Math.round(500 + random() * 9500));

  test.each(moments)("after %i ms: the next run leaves no container, folder or lock, and finishes", async (ms) => {
    await using at = await smallEvaluation();
    const instances = ["small-1", "small-2"].map((id) => at.instance({ id }));
    const plan = { ...at.planned(instances), origin: at.origin, image: PYTEST_IMAGE, jobs: 2 };
    const file = at.fixture.getPath("plan.json");
    writeFileSync(file, JSON.stringify(plan));
    const mark = `PITWALL_TEST_RUN=${at.fixture.path}`;
    const start = () =>
      spawn(process.execPath, [SCRIPT, file], { env: marked(mark), stdio: ["ignore", "pipe", "inherit"] });
    const first = start();
    await sleep(ms);
    killIfThere(first.pid, "SIGKILL");
    writeFileSync(file, JSON.stringify({ ...plan, resume: true }));
    const printed = await endOf(start());
    expect(printed.toSorted()).toEqual([
      expect.stringMatching(/^small-1 (done|known)$/),
      expect.stringMatching(/^small-2 (done|known)$/),
    ]);
    expect([containers(), folders(), processesMarked(mark)]).toEqual(["", [], []]);
    const mirrors = readdirSync(at.fixture.getPath("mirrors"), { recursive: true, encoding: "utf8" });
    expect(mirrors.filter((name) => name.endsWith(".lock") || name.includes("tmp_"))).toEqual([]);
  });
});

const marked = (mark: string) => ({ ...process.env, [mark.split("=", 1)[0]!]: mark.slice(mark.indexOf("=") + 1) });

/** Lines that it printed. */
async function endOf(child: ChildProcess): Promise<string[]> {
  let printed = "";
  child.stdout!.on("data", (part) => (printed += part));
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  return printed.trim().split("\n");
}
