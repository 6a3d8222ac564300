import { expect, test } from "vitest";
import { slackMessage } from "../../src/report/slack.ts";
import { crashedServingCell, failedRun, sampleRun } from "../support/run-document.ts";

const bodyOf = (message: ReturnType<typeof slackMessage>) =>
  message.blocks.map((block) => block.text.text.source).join("\n");

test("names what failed and links the run", () => {
  const message = slackMessage({ run: failedRun, failedJobs: {}, repository: "octo/llm" });
  expect(message.text.source).toBe("pitwall: ❌ failed in octo/llm");
  expect(bodyOf(message)).toContain("`serve-benchmark/in_300_out_100_rate_12.5` failed: *engine_crashed*");
  expect(bodyOf(message)).toContain("<https://github.com/octo/llm/actions/runs/1|Open the run>");
  expect(bodyOf(message)).not.toContain("latency-sweep/in_512");
});

test("speaks of failed jobs even when the run left no document", () => {
  const message = slackMessage({ failedJobs: { latency: "failure" }, runUrl: "https://x.example/runs/2" });
  expect(message.text.source).toBe("pitwall: ❌ 1 failed job");
  expect(bodyOf(message)).toContain(
    "The run left no document.\n• job `latency`: failure\n<https://x.example/runs/2|Open the run>",
  );
});

test("stays within Slack's limits and counts what it left out", () => {
  const cells = Array.from({ length: 40 }, (_, i) => ({
    ...crashedServingCell,
    id: `serve-benchmark/c${i}`,
    detail: "x".repeat(5000),
  }));
  const message = slackMessage({ run: { ...failedRun, cells }, failedJobs: {} });
  for (const block of message.blocks) expect(block.text.text.source.length).toBeLessThanOrEqual(3000);
  expect(bodyOf(message)).toContain("… and 30 more");
});

test("keeps Slack's control characters out of what engines say", () => {
  const cell = { ...crashedServingCell, detail: "<!channel> & more" };
  expect(bodyOf(slackMessage({ run: { ...sampleRun, cells: [cell] }, failedJobs: {} }))).toContain(
    "&lt;!channel&gt; &amp; more",
  );
});

test("nothing of a workflow or a document is a mention, a link or code of Slack's", () => {
  const hostile = "<!pitwall-marker> @pitwall-marker `x";
  const run = {
    ...failedRun,
    model: { ...failedRun.model, name: hostile },
    trigger: { ...failedRun.trigger, runUrl: "javascript:void(0)" },
  };
  const message = slackMessage({ run, failedJobs: { [hostile]: hostile }, repository: hostile });
  const text = `${message.text.source}\n${bodyOf(message)}`;
  expect(text).not.toMatch(/<|@p|javascript/);
  expect(text).toContain("job `&lt;!pitwall-marker&gt; @\u200bpitwall-marker ˋx`");
});
