import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { z } from "zod";
import { engineInputs } from "../../../src/verbs/start-engine/inputs.ts";
import { kubernetesInputs } from "../../../src/verbs/start-engine/kubernetes-inputs.ts";
import { engineOptions } from "../../../src/verbs/start-engine/options.ts";

const Inputs = z.object({ ...engineInputs, ...kubernetesInputs });
const optionsOf = (given: object) => engineOptions(Inputs.parse({ engine: "kubernetes", ...given }));

test("a manifest is enough, and the model is whatever it serves", async () => {
  await using folder = await createFixture({ "engine.yaml": "" });
  expect(optionsOf({ manifest: folder.getPath("engine.yaml"), namespace: "llm", port: "8123" })).toEqual({
    kind: "kubernetes",
    output: ".pitwall/out",
    model: undefined,
    port: 8123,
    startTimeoutSeconds: 300,
    kubernetes: { access: "auto", manifest: folder.getPath("engine.yaml"), namespace: "llm" },
  });
});

test("a service that is there already is enough, too", () => {
  expect(optionsOf({ service: "vllm", kubeContext: "prod", nodePort: "30080", pathPrefix: "/llm" })).toMatchObject({
    kubernetes: { service: "vllm", context: "prod", nodePort: 30080, pathPrefix: "/llm" },
  });
});

test.each([
  [{}, "--engine kubernetes needs a --manifest to apply, or the --service of an engine that is there"],
  [{ manifest: "no/such.yaml" }, "--manifest: there is no file or folder no/such.yaml"],
  [{ service: "--all" }, "--service: “--all” is no name"],
  [{ service: "vllm", namespace: "a b" }, "--namespace: “a b” is no name"],
  [{ service: "vllm", access: "service", nodePort: 30080 }, "--node-port goes with --access node-port, not with"],
  [{ service: "vllm", engineArgs: "--seed 1" }, "--engine-args goes with an engine that is started here"],
  [{ service: "vllm", onOom: "shrink" }, "--on-oom goes with an engine that is started here"],
  [{ service: "vllm", image: "org/vllm:1" }, "--image goes with --engine docker, not with --engine kubernetes"],
  [
    { service: "vllm", baseUrl: "http://127.0.0.1:1" },
    "--base-url goes with --engine remote, not with --engine kubernetes",
  ],
  [{ engine: "simulated", service: "vllm" }, "--service goes with --engine kubernetes, not with --engine simulated"],
  [
    { engine: "vllm", model: "m", kubeContext: "x" },
    "--kube-context goes with --engine kubernetes, not with --engine vllm",
  ],
])("%j is refused", (given, message) => {
  expect(() => optionsOf(given)).toThrow(message);
});
