import { describe, expect, test } from "vitest";
import type { Instance } from "../../../../src/evaluate/instance.ts";
import { type DockerSettings, testRunArguments } from "../../../../src/evaluate/runtime/docker/arguments.ts";
import { dockerRuntime } from "../../../../src/evaluate/runtime/docker/docker.ts";
import type { PhasePlan } from "../../../../src/evaluate/runtime/runtime.ts";

const settings: DockerSettings = {
  skipSetUp: false,
  skipBuild: false,
  editable: false,
  shmSize: undefined,
  network: "set-up",
  user: undefined,
  modelCache: "/cache/huggingface",
};
const instance: Instance = {
  id: "vllm-project__vllm-10324-10164",
  repo: "vllm-project/vllm",
  version: "0.6.3.post1",
  baseCommit: "803f37eaaa11568f65acbf0bcd1044fb9b1610bf",
  testPatch: "",
  goldPatch: "",
  targets: { kind: "ids", paths: ["tests/test_a.py::test_id[it's $HOME]"] },
  lists: undefined,
  category: "gpu_model",
  minGpus: 1,
};
const limits = { phaseSeconds: 1800, setUpSeconds: 3600, testSeconds: 600, instanceSeconds: 1800 };
const plan: PhasePlan = {
  ...{ instance, phase: "after", tree: "/t/tree", results: "/t/results", gpus: ["3"], runs: 1, limits },
};

const linesOf = (change: Partial<DockerSettings> = {}, phase: Partial<PhasePlan> = {}, env: NodeJS.ProcessEnv = {}) =>
  dockerRuntime({
    env,
    ...settings,
    ...change,
    docker: { program: "docker", daemon: null },
    imageOf: () => "infra-gym:v0.6",
  }).lines({ ...plan, ...phase });

describe("the commands of a phase", () => {
  test("set up, cut the network, run the tests as they are named, remove the container", () => {
    expect(linesOf()).toEqual([
      "docker run --rm --detach --name pitwall-vllm-project__vllm-10324-10164 " +
        "--label pitwall.evaluate=vllm-project__vllm-10324-10164 --label pitwall.owner=shell --gpus device=3 --shm-size 16g " +
        "--volume /t/tree:/workspace/vllm --volume /t/results:/workspace/results --workdir /workspace/vllm " +
        "--volume /cache/huggingface:/workspace/huggingface --env HF_HOME=/workspace/huggingface " +
        "--env GIT_CONFIG_COUNT=1 --env GIT_CONFIG_KEY_0=safe.directory --env 'GIT_CONFIG_VALUE_0=*' " +
        "--log-driver none --network bridge --entrypoint sleep infra-gym:v0.6 5400",
      "docker exec pitwall-vllm-project__vllm-10324-10164 setup_vllm_env.sh " +
        "--commit 803f37eaaa11568f65acbf0bcd1044fb9b1610bf --prepared",
      "docker network disconnect bridge pitwall-vllm-project__vllm-10324-10164",
      "docker exec pitwall-vllm-project__vllm-10324-10164 python3 -m pytest --maxfail=0 " +
        "--continue-on-collection-errors -o junit_family=xunit1 -o xfail_strict=true --timeout=600 --tb=short " +
        String.raw`-o cache_dir=/tmp/pitwall-cache-after-1.xml --junitxml=/workspace/results/after-1.xml 'tests/test_a.py::test_id[it'\''s $HOME]'`,
      "docker rm --force pitwall-vllm-project__vllm-10324-10164",
    ]);
  });

  test("give a task of the CPU no GPU, and compile nothing for one", () => {
    const cpu = { instance: { ...instance, category: "unit_cpu" as const, minGpus: 0 }, gpus: [] };
    const [run, setUp] = linesOf({}, cpu);
    expect(run).toContain("--env CUDA_VISIBLE_DEVICES= ");
    expect(run).not.toMatch(/--gpus|--shm-size|huggingface/);
    expect(setUp).toMatch(/ --skip-build$/);
  });

  test("give a task of several GPUs exactly its own, as Docker reads a list", () => {
    const [run] = linesOf({}, { instance: { ...instance, minGpus: 2 }, gpus: ["1", "3"] });
    expect(run).toContain(`--gpus '"device=1,3"'`);
  });

  test("are one without a set-up, which has no network", () => {
    const lines = linesOf({ skipSetUp: true, user: "root", shmSize: "32g" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /--user root .*--shm-size 32g .*--network none .*--env PYTEST_TIMEOUT=600 --entrypoint python3/,
    );
  });
});

test("lines for a shell name the proxies of whoever asked, and none where there is no network", () => {
  const env = { https_proxy: "http://me:word@proxy:1" };
  const [waiting] = linesOf({}, {}, env);
  expect(waiting).toContain("--env https_proxy --log-driver");
  expect(linesOf({}, {}, env).join()).not.toContain("word");
  expect(linesOf({ skipSetUp: true }, {}, env).join()).not.toContain("proxy");
});

test("a token goes in by name, and only where tests may use the network", () => {
  const env = { HF_TOKEN: "hf_secret", https_proxy: "http://user:secret@proxy:1" };
  const of = (network: DockerSettings["network"]) => {
    const made = {
      plan,
      settings: { ...settings, network },
      name: "n",
      image: "i",
      owner: "1-2-3",
      openNetwork: "bridge",
      env,
    };
    return testRunArguments(made, { asked: [], log: "after-1.log", junit: "after-1.xml" }).join(" ");
  };
  expect(of("always")).toMatch(/--env https_proxy --env HF_TOKEN .*--network bridge/);
  expect(of("always")).not.toContain("secret");
  expect(of("set-up")).not.toMatch(/HF_TOKEN|https_proxy/);
});
