import { utimes } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { comparisonRun } from "../../../src/arms/report/comparison-run.ts";
import { notify } from "../../../src/verbs/notify/notify.ts";
import { liveComparison } from "../../support/arm-records.ts";
import { pitwall } from "../../support/cli.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { failedRun, sampleRun } from "../../support/run-document.ts";
import { sampleBisect } from "../../support/sample-bisect.ts";
import { slackHost } from "../../support/slack-host.ts";

test("sends one message with what failed", async () => {
  using slack = await slackHost();
  await using folder = await createFixture({ "run.json": JSON.stringify(failedRun) });
  const outcome = await notify.run({ output: folder.path, slackWebhook: slack.url }, recordingTools({ env: {} }));
  expect(outcome.outputs).toEqual({ sent: true });
  expect(slack.messages).toHaveLength(1);
  expect(JSON.stringify(slack.messages[0])).toContain("engine_crashed");
});

test("the run's link leads to the server of the job, or of the document", async () => {
  using slack = await slackHost();
  const trigger = { ...failedRun.trigger, runUrl: "https://other.example.com/octo/llm/actions/runs/7" };
  await using folder = await createFixture({ "run.json": JSON.stringify({ ...failedRun, trigger }) });
  const job = { GITHUB_SERVER_URL: "https://ghes.example.com", GITHUB_REPOSITORY: "octo/llm", GITHUB_RUN_ID: "9" };
  for (const env of [job, {}]) {
    await notify.run({ output: folder.path, slackWebhook: slack.url }, recordingTools({ env }));
  }
  const links = slack.messages.map((message) => /<(https[^|]+)\|/.exec(JSON.stringify(message))?.[1]);
  expect(links).toEqual(["https://ghes.example.com/octo/llm/actions/runs/9", trigger.runUrl]);
});

describe("in the folder of builds that were held against each other", () => {
  const told = async (files: Record<string, unknown>) => {
    using slack = await slackHost();
    const texts = Object.entries(files).map(([name, content]) => [name, JSON.stringify(content)]);
    await using folder = await createFixture(Object.fromEntries(texts));
    const env = { GITHUB_REPOSITORY: "octo/llm", GITHUB_RUN_ID: "9" };
    await notify.run({ output: folder.path, slackWebhook: slack.url }, recordingTools({ env }));
    const [message] = slack.messages;
    return `${message!.text}\n${JSON.stringify(message!.blocks)}`;
  };

  test("it says which arm wins or loses by how much, and what could not be compared", async () => {
    const [won] = liveComparison.comparisons;
    const lost = { ...won!, arm: "slow", ratio: 1.1, low: 1.08, high: 1.12, state: "loses" as const };
    const comparison = { ...liveComparison, comparisons: [...liveComparison.comparisons, lost] };
    const text = await told({ "comparison.json": comparison, "run.json": comparisonRun(comparison, sampleRun) });
    expect(text).toContain("pitwall: comparison: 1 loses, 1 arm_failed, 1 wins, 1 ties in octo/llm");
    const place = `latency_s of ${won!.cell}`;
    const lines = [
      `• slow loses: ${place} is 1.1000 × the base's (1.0800 to 1.1200)`,
      `• broken could not be compared: ${place}: patch_failed: it does not apply cleanly`,
      `• fast wins: ${place} is 0.9000 × the base's (0.8800 to 0.9200)`,
      `• null ties: ${place} is 1.0010 × the base's (0.9950 to 1.0070)`,
    ];
    expect(text).toContain(lines.join("\\n"));
    expect(text.match(/broken/g)).toHaveLength(1);
    expect(text).toContain("<https://github.com/octo/llm/actions/runs/9|Open the run>");
  });

  test("of several it tells the last", async () => {
    using slack = await slackHost();
    await using folder = await createFixture({ "comparison.json": JSON.stringify(liveComparison) });
    await utimes(folder.getPath("comparison.json"), 1, 1);
    await folder.writeFile("bisect.json", JSON.stringify(sampleBisect));
    await notify.run({ output: folder.path, slackWebhook: slack.url }, recordingTools({ env: {} }));
    expect(slack.messages[0]!.text).toContain("pitwall: bisect: culprit");
  });

  test("of a search it says what was found, and how sure that is", async () => {
    const text = await told({ "bisect.json": sampleBisect });
    expect(text).toContain("pitwall: bisect: culprit in octo/llm");
    expect(text).toContain("“Commit c” raised latency_s");
    expect(text).toContain("• confidence: ");
    expect(text).not.toContain("left no document");
  });
});

test("no webhook is a notice, not a failure", async () => {
  const tools = recordingTools();
  expect(await notify.run({ output: "nowhere" }, tools)).toEqual({ ok: true, outputs: { sent: false } });
  expect(tools.said).toContainEqual(expect.stringContaining("No Slack webhook is configured"));
});

test("inputs are checked without a webhook, too: a document that there is not, and results of jobs that are no JSON", async () => {
  await using folder = await createFixture({});
  const env = { PITWALL_SLACK_WEBHOOK: "" };
  const missing = await pitwall(["notify", "--run", "nowhere/run.json"], folder.path, env);
  expect(missing.stderr).toBe("error: nowhere/run.json could not be read: it does not exist\n");
  expect(missing.exitCode).toBe(1);
  const needs = await pitwall(["notify", "--needs", "{"], folder.path, env);
  expect(needs.stderr).toMatch(/^error: --needs is not valid JSON/);
});

test("tells of failed jobs, not of skipped or good ones", async () => {
  using slack = await slackHost();
  const needs = JSON.stringify({
    latency: { result: "failure", outputs: {} },
    serving: { result: "skipped" },
    lint: { result: "success" },
  });
  await notify.run({ output: "nowhere", needs, slackWebhook: slack.url }, recordingTools({ env: {} }));
  const sent = JSON.stringify(slack.messages[0]);
  expect(sent).toContain("job `latency`: failure");
  expect(sent).not.toMatch(/serving|lint/);
});

test("a refused message is an error that does not hold the webhook's address", async () => {
  using slack = await slackHost(403);
  const sending = notify.run({ output: "nowhere", slackWebhook: slack.url }, recordingTools());
  const error = await sending.then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).toContain("Slack did not take the message");
  expect(error?.message).not.toContain("secret");
});

test("a damaged run document is an error that names it", async () => {
  using slack = await slackHost();
  await using folder = await createFixture({ "run.json": "{" });
  const sending = notify.run({ output: folder.path, slackWebhook: slack.url }, recordingTools({ env: {} }));
  await expect(sending).rejects.toThrow(/run\.json is not valid JSON/);
});
