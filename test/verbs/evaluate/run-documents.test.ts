import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { evaluate } from "../../../src/verbs/evaluate/evaluate.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { publish } from "../../../src/verbs/publish/publish.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { recordingTools } from "../../support/recording-tools.ts";

test("pass rates of an evaluation are published like any run, a document a model, and the history has them", async () => {
  await using fixture = await createFixture({});
  const output = fixture.getPath("out");
  const given = resolveInputs(evaluate, { demo: true, output, hostLabel: "ours" }, {}, {}, () => undefined);
  const { outputs } = await evaluate.run(given, recordingTools());
  const runs = [join(output, "model-a/run.json"), join(output, "model-b/run.json")];
  expect(outputs).toMatchObject({ runFiles: runs });

  const database = fixture.getPath("database.git");
  const published = await publish.run(publish.inputs.parse({ run: runs, database }), recordingTools());
  expect(published.outputs).toMatchObject({ published: true });
  const again = await publish.run(
    publish.inputs.parse({ run: [join(output, "run.json")], database }),
    recordingTools(),
  );
  expect(again.outputs).toMatchObject({ published: false });

  const shown = await history.run(history.inputs.parse({ database, format: "json" }), recordingTools());
  const points = JSON.parse(shown.text!) as Record<string, unknown>[];
  expect(
    points
      .filter(({ metric }) => metric === "resolved_fraction")
      .map(({ model, cell, value, host }) => [model, cell, value, host])
      .toSorted(),
  ).toEqual([
    ["model-a", "evaluate/other", 1, "ours"],
    ["model-b", "evaluate/other", 0, "ours"],
  ]);
});
