import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerRuntime } from "../../src/evaluate/runtime/docker/docker.ts";
import { openTree } from "../../src/evaluate/runtime/docker/tree.ts";
import { startDaemon } from "../docker/daemon.ts";
import { buildPytestImage, PYTEST_IMAGE } from "../docker/pytest-image.ts";
import { ADD, BROKEN, imageRuntime, smallEvaluation, ZERO } from "../support/evaluate/small-evaluation.ts";
import { makeRepository } from "../support/evaluate/small-repository.ts";

/*
 * What the harness costs: 20 instances of one-second tests in containers, two phases each, beside 40 plain `docker run … pytest`
 * lines in the same image; both two side by side, in turns of a half.
 */

const ROUNDS = 2;
const INSTANCES = 10;
const SIDE_BY_SIDE = 2;
const MOST = 1.3;

const TESTS = {
  "tests/test_calc.py":
    "import time\nfrom calc import add\n\n\ndef test_zero():\n    assert add(1, 0) == 1\n\n\ndef test_add():\n    time.sleep(1)\n    assert add(1, 2) == 3\n",
};

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** As a person would write it. */
async function plainLine(tree: string): Promise<void> {
  const place = ["--network", "none", "--volume", `${tree}:/workspace/vllm`, "--workdir", "/workspace/vllm"];
  const pytest = [
    "python3",
    "-m",
    "pytest",
    "-p",
    "no:cacheprovider",
    "--tb=short",
    "--junitxml=/tmp/junit.xml",
    ADD,
    ZERO,
  ];
  const child = spawn("docker", ["run", "--rm", ...place, PYTEST_IMAGE, ...pytest], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0 && code !== 1) throw new Error(`a plain line ended with ${code}`);
}

async function plainLines(tree: string, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await plainLine(tree);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

const folder = mkdtempSync(join(tmpdir(), "pitwall-bench-"));
const daemon = await startDaemon(folder);
process.env.DOCKER_HOST = daemon.host;
try {
  buildPytestImage(folder, daemon.host);
  await using at = await smallEvaluation();
  const instances = Array.from({ length: INSTANCES }, (_, n) => at.instance({ id: `small-${n}`, tests: TESTS }));
  const tree = at.fixture.getPath("plain");
  makeRepository(tree, { ...BROKEN, ...TESTS });
  await openTree(tree);
  const [ours, plain]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    plain.push(await seconds(() => plainLines(tree, 2 * INSTANCES)));
    const runtime = dockerRuntime(imageRuntime(PYTEST_IMAGE));
    ours.push(await seconds(() => at.run(instances, { runtime, jobs: SIDE_BY_SIDE })));
    console.log(`round ${round + 1}: plain ${plain.at(-1)!.toFixed(1)} s, pitwall ${ours.at(-1)!.toFixed(1)} s`);
  }
  const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
  const ratio = sum(ours) / sum(plain);
  console.log(
    `${ROUNDS * INSTANCES} instances: ${sum(ours).toFixed(1)} s, ${2 * ROUNDS * INSTANCES} plain lines: ${sum(plain).toFixed(1)} s`,
  );
  console.log(`ratio ${ratio.toFixed(2)}, at most ${MOST}`);
  process.exitCode = ratio <= MOST ? 0 : 1;
} finally {
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
}
