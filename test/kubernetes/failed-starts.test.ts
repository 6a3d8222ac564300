import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EngineError } from "../../src/engine/engine-error.ts";
import type { EngineRecord } from "../../src/result/document/engine-record.ts";
import { deployment, service, workplace } from "./place.ts";

const failure = (start: Promise<EngineRecord>): Promise<EngineError> =>
  start.then(
    () => expect.unreachable("the engine came up"),
    (error: EngineError) => error,
  );

describe("an engine that does not come up", () => {
  const failed = async (given: Parameters<typeof deployment>[0], seconds = 30) => {
    await using place = await workplace();
    const manifest = place.manifest([deployment(given), service()]);
    const error = await failure(place.start({ manifest }, { startTimeoutSeconds: seconds }));
    expect(place.cluster.names()).toEqual([]);
    expect(readdirSync(place.output)).toEqual(["logs"]);
    return error.failure;
  };

  test("for an image that is nowhere", async () => {
    expect(await failed({ image: "org/vllm:none" })).toEqual({
      reason: "image_missing",
      detail:
        'the image org/vllm:none of the container vllm of the pod vllm-0 cannot be had (ImagePullBackOff): Back-off pulling image "org/vllm:none"; check its name and tag, and imagePullSecrets where its registry wants a login',
      logTail: 'Failed: Failed to pull image "org/vllm:none": not found',
    });
  });

  test("for a GPU that no node has", async () => {
    expect(await failed({ labels: { unschedulable: "nvidia.com/gpu" } }, 2)).toEqual({
      reason: "environment",
      detail:
        "no node takes the pod vllm-0: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu.; free what is missing, add a node that has it, or ask for less in the manifest's resources (waited for 2 s; --start-timeout waits longer)",
      logTail: "FailedScheduling: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu.",
    });
  });

  test("for main memory", async () => {
    const given = {
      args: ["serve", "org/model", "--fake-exit", "killed"],
      labels: { oom: "1" },
      limits: { memory: "16Gi" },
    };
    expect(await failed(given)).toMatchObject({
      reason: "out_of_memory",
      detail: expect.stringContaining("(OOMKilled, its limit is 16Gi); raise resources.limits.memory in the manifest"),
    });
  });

  test("for what its own log says", async () => {
    expect(await failed({ args: ["serve", "org/model", "--fake-kv-tokens", "2000"] })).toMatchObject({
      reason: "out_of_memory",
      detail: expect.stringMatching(
        /ended with exit code 1 before it was healthy: .* put --max-model-len 2000 into the manifest's args/,
      ),
      logTail: expect.stringContaining("the estimated maximum model length is 2000"),
    });
  });

  test("in time", async () => {
    expect(await failed({ args: ["serve", "org/model", "--fake-ready-after", "60000"] }, 2)).toEqual({
      reason: "startup_timeout",
      detail:
        "the engine was not ready within 2 s: 0 of 1 pods of Deployment/vllm are ready; --start-timeout gives it longer",
    });
  });
});

describe("nothing is touched", () => {
  const refused = async (
    prepare: (place: Awaited<ReturnType<typeof workplace>>) => Parameters<typeof place.start>[0],
  ) => {
    await using place = await workplace();
    const error = await failure(place.start(prepare(place)));
    expect(place.cluster.names()).toEqual([]);
    expect(existsSync(place.output)).toBe(false);
    return error.message;
  };

  test("where kubectl is missing", async () => {
    expect(
      await refused((place) => {
        Object.assign(place.env, { PITWALL_KUBECTL: "", PATH: "/nowhere" });
        return { manifest: place.manifest([deployment(), service()]) };
      }),
    ).toBe(
      "kubectl was not found on PATH: install it (https://kubernetes.io/docs/tasks/tools), or set PITWALL_KUBECTL to the program",
    );
  });

  test("where no cluster answers", async () => {
    const message = await refused((place) => {
      place.env.KUBECONFIG = place.folder.getPath("none");
      return { manifest: place.manifest([deployment(), service()]) };
    });
    expect(message).toContain("no cluster answers: set KUBECONFIG to its file, or choose another --kube-context");
  });

  test("where the manifest is no YAML, of no known kind, or leads to no service", async () => {
    expect(await refused((place) => ({ manifest: place.manifest(["{a: ["]) }))).toMatch(/cannot be applied/);
    const unknown = { apiVersion: "example/v1", kind: "Engine", metadata: { name: "x" } };
    expect(await refused((place) => ({ manifest: place.manifest([unknown]) }))).toMatch(/cannot be applied/);
    expect(await refused((place) => ({ manifest: place.manifest([deployment()]) }))).toContain("makes no Service");
    expect(
      await refused((place) => ({ manifest: place.manifest([deployment(), service("a"), service("b")]) })),
    ).toContain("the Services a, b: say by --service which one leads to the engine");
  });
});

test("a namespace that is not there is said, and what was applied before is deleted", async () => {
  await using place = await workplace();
  const manifest = place.manifest([deployment(), service()]);
  expect(await failure(place.start({ manifest, namespace: "none" }))).toMatchObject({
    reason: "environment",
    detail: expect.stringContaining('namespaces "none" not found; make the namespace first: kubectl create namespace'),
  });
});
