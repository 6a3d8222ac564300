import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { startPitwall } from "../support/cli.ts";
import { registryServer } from "../support/registry-server.ts";
import { json } from "../vllm/pitwall.ts";

const dockerHost = inject("dockerHost");
const docker = (...args: string[]) =>
  execFileSync("docker", ["--host", dockerHost, ...args], { encoding: "utf8" }).trim();

const [commit, parent, other] = ["a1b2".repeat(10), "c3d4".repeat(10), "e5f6".repeat(10)] as const;
const PERF = "vllm bench serve --num-prompts 8 --random-input-len 16 --random-output-len 8 --max-concurrency 2";
const entry = (human: string, before: string) => ({
  ...{ human_short: human.slice(0, 8), human_full: human, parent_short: before.slice(0, 12) },
  ...{ model: "sim/h100-8b", perf_command: PERF },
});
const PATCH = "diff --git a/vllm/x.py b/vllm/x.py\n--- a/vllm/x.py\n+++ b/vllm/x.py\n@@ -1 +1 @@\n-a\n+b\n";

test("images by tags of a commit and its parent are measured; what is missing or cannot take a patch is said", async () => {
  await using registry = await registryServer({ tags: [] });
  const { repository } = registry;
  for (const tag of [commit, `baseline-${parent.slice(0, 12)}`])
    docker("tag", "pitwall-test/vllm:1", `${repository}:${tag}`);
  await using folder = await createFixture({
    "mapping.json": JSON.stringify([entry(commit, parent), entry(other, parent)]),
    [`claude/${commit.slice(0, 8)}.patch`]: PATCH,
  });
  const words = ["compare-patches", "--mapping", "mapping.json", "--repository", repository, "--patches", "claude"];
  const env = { DOCKER_HOST: dockerHost, HF_HOME: folder.getPath("hf"), NO_COLOR: "1" };
  const measure = [...words, "--max-blocks", "1", "--quiet-wait", "0"];
  const { exitCode, stderr, stdout } = await startPitwall(measure, folder.path, env).ended;
  expect(exitCode, stderr).toBe(0);
  const result = (path: string) => json(join(folder.getPath(".pitwall/patches"), path)) as Record<string, unknown>;
  const [short, missing] = [commit.slice(0, 8), other.slice(0, 8)];
  const image = `${repository}:${commit}`;
  expect(result(`agent_benchmark_results/${short}_human_result.json`)).toMatchObject({
    status: "success",
    docker_image: image,
  });
  expect(result(`baseline_benchmark_results/${short}_baseline_result.json`)).toMatchObject({ status: "success" });
  // The stand-in has no Python, and so no package.
  expect(result(`agent_benchmark_results/claude/${short}_agent_result.json`)).toMatchObject({ status: "patch_failed" });
  expect(result(`agent_benchmark_results/${missing}_human_result.json`)).toMatchObject({ status: "image_missing" });
  expect(stdout).toContain("2 commits measured");
  expect(docker("ps", "--all", "--format", "{{.Names}}")).toBe("");
});
