import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type JobPlan, jobManifest } from "../../src/scenario/job-manifest.ts";

const plan: JobPlan = {
  name: "sweep",
  namespace: "bench",
  image: "acme/vllm-bench:1",
  shards: 4,
  gpus: 2,
  config: "engine: vllm\nmodel: m\nexperiments: {axes: {max-num-seqs: [64, 128]}}\n",
  database: "https://git.example/acme/numbers.git",
  tokenSecret: "git-token",
  version: "1.0.0",
};
const documents = (given: JobPlan) => parseAllDocuments(jobManifest(given)).map((document) => document.toJS());
const containerOf = (given: JobPlan) => documents(given)[1].spec.template.spec.containers[0];

test("a job has a pod for each shard, by its index", () => {
  const [, job] = documents(plan);
  expect(job.spec).toMatchObject({
    completionMode: "Indexed",
    completions: 4,
    parallelism: 4,
    backoffLimitPerIndex: 1,
  });
  expect(containerOf(plan).command[2]).toContain('--shard "$((JOB_COMPLETION_INDEX + 1))/4"');
});

test("the settings travel as they are", () => {
  expect(documents(plan)[0]).toMatchObject({
    kind: "ConfigMap",
    metadata: { name: "sweep", namespace: "bench" },
    data: { "pitwall.yml": plan.config },
  });
});

test("the token comes from a secret and stands nowhere", () => {
  expect(containerOf(plan).env).toContainEqual({
    name: "PITWALL_TOKEN",
    valueFrom: { secretKeyRef: { name: "git-token", key: "token" } },
  });
});

test("numbers are of the node, whatever the pod is called", () => {
  expect(containerOf(plan).env[0].valueFrom.fieldRef.fieldPath).toBe("spec.nodeName");
});

test("pods without a GPU ask for none", () => {
  expect(containerOf({ ...plan, gpus: 0 })).not.toHaveProperty("resources");
});

test("a database's name is a word of the shell, whatever stands in it", () => {
  expect(containerOf({ ...plan, database: "a'b c" }).command[2]).toContain(`--database 'a'\\''b c' --skip-site`);
});

test("a name that an older YAML takes for a truth is still a name", () => {
  const [settings] = parseAllDocuments(jobManifest({ ...plan, name: "on" }), { version: "1.1" }).map((one) =>
    one.toJS(),
  );
  expect(settings.metadata.name).toBe("on");
});
