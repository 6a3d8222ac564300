import { execFileSync } from "node:child_process";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { jobManifest } from "../../src/scenario/job-manifest.ts";

test("kubectl reads a generated Job as it was meant: its own types know every field", async () => {
  const plan = { name: "sweep", image: "org/vllm:1", shards: 4, gpus: 2, config: "experiments: {}\n" };
  const text = jobManifest({
    ...plan,
    database: "https://example.org/numbers.git",
    tokenSecret: "pitwall",
    version: "1.0.0",
  });
  const job = parseAllDocuments(text)[1]!.toJS();
  await using folder = await createFixture({ "job.json": JSON.stringify(job) });
  // A change of a local file goes through the types of the API, which drop what they do not know.
  const change = ["set", "env", "--local", "--filename", folder.getPath("job.json"), "--output", "json", "MARK=1"];
  const typed = JSON.parse(execFileSync(inject("kubectl"), change, { encoding: "utf8" }));
  const [container] = typed.spec.template.spec.containers;
  container.env = container.env.filter(({ name }: { name: string }) => name !== "MARK");
  container.resources.limits["nvidia.com/gpu"] = Number(container.resources.limits["nvidia.com/gpu"]);
  expect(typed).toMatchObject(job);
});
