import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { IncomingWebhook } from "@slack/webhook";
import { z } from "zod";
import { SavedHistoryComparison } from "../../arms/history/saved-comparison.ts";
import { LiveComparison } from "../../arms/live-comparison.ts";
import { comparisonFinding, historyFinding } from "../../arms/report/comparison-lines.ts";
import { messageOf, UsageError, UserError } from "../../errors.ts";
import { parseJson, readJson } from "../../files.ts";
import { readBody } from "../../limited-body.ts";
import { readPlain } from "../../plain-file.ts";
import { bisectFinding } from "../../report/bisect/bisect-summary.ts";
import { type Finding, type SlackMessage, slackMessage } from "../../report/slack.ts";
import { shownRun } from "../../result/checks/shown-run.ts";
import { Bisect } from "../../result/document/bisect.ts";
import { Run } from "../../result/document/run.ts";
import { bisectFile, comparisonFile, historyComparisonFile, runFile } from "../../working-folder/names.ts";
import { commonInputs, secret, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";

const LARGEST_ANSWER_BYTES = 1024 * 1024;

const Needs = z.record(z.string(), z.looseObject({ result: z.string() }));

const notifyInputs = {
  ...commonInputs,
  ...inGroup("Message", {
    run: text(
      "Run document to speak of (default: run.json in the working folder, if there is one).",
      "FILE",
    ).optional(),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a GitHub expression, to be shown as it is written
    needs: text("Results of the jobs before this one: ${{ toJSON(needs) }}.", "JSON").optional(),
    slackWebhook: secret("Slack incoming webhook. Without one nothing is sent, and that is no failure.").optional(),
  }),
};

export const notify = defineVerb({
  name: "notify",
  description: "Sends one Slack message with the run's link and what failed.",
  inputs: z.strictObject(notifyInputs),
  outputs: { sent: "true when a message was sent." },
  async run({ output, run: file, needs, slackWebhook }, { report, env }) {
    if (slackWebhook !== undefined && !URL.canParse(slackWebhook)) {
      throw new UsageError("the Slack webhook is not a URL; copy it from the Slack app's page");
    }
    // Before it is known whether anybody is told: a repository without a webhook should hear of a wrong path, too.
    const path = file ?? runFile(output);
    const run =
      file !== undefined || existsSync(path) ? shownRun(parseJson(await readPlain(path), Run, path)) : undefined;
    const finding = await findingIn(dirname(path));
    const jobs = needs === undefined ? {} : parseJson(needs, Needs, "--needs");
    if (slackWebhook === undefined) {
      report.info("No Slack webhook is configured (PITWALL_SLACK_WEBHOOK): nothing was sent.");
      return { ok: true, outputs: { sent: false } };
    }
    const unsuccessful = Object.entries(jobs).filter(
      ([, { result }]) => result === "failure" || result === "cancelled",
    );
    const failedJobs = Object.fromEntries(unsuccessful.map(([job, { result }]) => [job, result]));
    const message = slackMessage({ run, finding, failedJobs, repository: env.GITHUB_REPOSITORY, runUrl: runUrl(env) });
    await send(slackWebhook, message);
    report.info("Slack was told.");
    return { ok: true, outputs: { sent: true } };
  },
});

/** What compare or bisect left in the folder; of several the last. */
async function findingIn(folder: string): Promise<Finding | undefined> {
  const readers: [string, (file: string) => Promise<Finding>][] = [
    [comparisonFile(folder), async (file) => comparisonFinding(await readJson(file, LiveComparison))],
    [historyComparisonFile(folder), async (file) => historyFinding(await readJson(file, SavedHistoryComparison))],
    [bisectFile(folder), async (file) => bisectFinding(await readJson(file, Bisect))],
  ];
  const there = readers.filter(([file]) => existsSync(file));
  const [last] = there.toSorted(([one], [other]) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  return last === undefined ? undefined : await last[1](last[0]);
}

function runUrl({
  GITHUB_SERVER_URL = "https://github.com",
  GITHUB_REPOSITORY,
  GITHUB_RUN_ID,
}: NodeJS.ProcessEnv): string | undefined {
  if (GITHUB_REPOSITORY === undefined || GITHUB_RUN_ID === undefined) return undefined;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/** Slack answers with a word, and its client would read whatever comes. */
async function fetchLittle(...question: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...question);
  const { status, statusText, headers, body } = answer;
  return body === null
    ? answer
    : new Response(await readBody(body, LARGEST_ANSWER_BYTES), { status, statusText, headers });
}

/** The webhook is a secret: no error of ours may carry its URL. */
async function send(webhook: string, message: SlackMessage): Promise<void> {
  try {
    const limits = { timeout: 10_000, retryConfig: { retries: 2, minTimeout: 500 }, fetch: fetchLittle };
    await new IncomingWebhook(webhook, limits).send(JSON.parse(JSON.stringify(message)));
  } catch (error) {
    const reason = messageOf(error).replaceAll(webhook, "the webhook");
    throw new UserError(`Slack did not take the message: ${reason}`);
  }
}
