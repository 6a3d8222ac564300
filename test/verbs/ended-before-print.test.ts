import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { runPath } from "../../src/database/records/run.ts";
import { exportData } from "../../src/verbs/export/export.ts";
import { history } from "../../src/verbs/history/history.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { sampleRun } from "../support/run-document.ts";

test.each([exportData, history])("$name prints nothing when it was to end while it wrote that", async (verb) => {
  await using folder = await createFixture({
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    [runPath(sampleRun)]: serializeRun(sampleRun),
    "damaged.txt": "",
  });
  const ended = new AbortController();
  const tools = recordingTools({ signal: ended.signal });
  // What is left out is said when all was read.
  tools.report.warning = () => ended.abort(new Error("ended by a test"));
  const inputs: never = verb.inputs.parse({ database: folder.path, skipDamaged: true, format: "csv" }) as never;
  await expect(verb.run(inputs, tools)).rejects.toThrow("ended by a test");
});
