import { createFixture } from "fs-fixture";
import { beforeAll, expect, test } from "vitest";
import { serializeRun, serializeRunLine } from "../../src/database/document/document.ts";
import { runPath } from "../../src/database/records/run.ts";
import { runSummary } from "../../src/report/markdown.ts";
import { runText } from "../../src/report/terminal.ts";
import { exportData } from "../../src/verbs/export/export.ts";
import { history } from "../../src/verbs/history/history.ts";
import { notify } from "../../src/verbs/notify/notify.ts";
import { documentIn } from "../../src/verbs/run/manifest.ts";
import { longRun } from "../support/long-run.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { slackHost } from "../support/slack-host.ts";

const old = longRun();
const other = longRun(100_000, { id: old.id.replace(/.$/, "0") });
const why = "w".repeat(100_000);
let folder: string;
let out: string;
beforeAll(async () => {
  const retraction = { schema: "pitwall.retraction/1", run: other.id, why, at: "2026-11-23T00:00:00Z" };
  const fixture = await createFixture({
    branch: {
      "pitwall.json": '{"schema":"pitwall.database/1"}\n',
      ...Object.fromEntries([old, other].map((run) => [runPath(run), serializeRun(run)])),
      [`retracted/${other.id}.json`]: JSON.stringify(retraction),
    },
    "run.json": serializeRun(old),
  });
  out = fixture.path;
  folder = fixture.getPath("branch");
  return () => fixture.rm();
});

const CUT = /x… \([0-9,]+ more characters\) \[[0-9a-f]{8}\]/;

test.each(["table", "csv", "json"])("a history as %s repeats no text of megabytes", async (format) => {
  const tools = recordingTools();
  const inputs = history.inputs.parse({ database: folder, format, statistic: "all" });
  const { text = "" } = await history.run(inputs, tools);
  expect(text).toMatch(CUT);
  expect(text.length).toBeLessThan(100_000);
  expect(tools.said.join("\n")).toMatch(/left out: the run .*w… \(99,000 more characters\)/);
});

const exported = async (format: string) => {
  const { text = "" } = await exportData.run(exportData.inputs.parse({ database: folder, format }), recordingTools());
  return text;
};

test.each(["csv", "csv-wide", "prometheus", "data.js", "pytorch"])("nor does an export as %s", async (format) => {
  const text = await exported(format);
  expect(text).toMatch(CUT);
  expect(text.length).toBeLessThan(100_000);
});

test("documents are exported whole, byte for byte", async () => {
  expect(`${await exported("jsonl")}\n`).toBe(serializeRunLine(old));
});

test("Slack, a summary and a terminal say how much of a text was cut", async () => {
  using slack = await slackHost();
  await notify.run({ output: out, slackWebhook: slack.url }, recordingTools({ env: {} }));
  const [sent] = slack.messages.map((message) => JSON.stringify(message));
  expect(sent).toMatch(/x….*y{199}…/);
  expect(sent!.length).toBeLessThan(5_000);
  const shown = (await documentIn(out))!;
  for (const text of [runSummary(shown).source, runText(shown)]) {
    expect(text).toMatch(/y… \(3,496,000 more characters\)/);
    expect(text.length).toBeLessThan(100_000);
  }
});
