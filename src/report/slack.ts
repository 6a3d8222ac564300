import { type SlackText, slack, slackCode, slackLines, slackLink, slackText } from "../foreign-text/slack.ts";
import { counted } from "../result/counted.ts";
import type { Run } from "../result/document/run.ts";
import { outcomeText, subjectLine } from "./text/facts.ts";

interface SectionBlock {
  type: "section";
  /** Verbatim: no address or name in a text becomes a link. */
  text: { type: "mrkdwn"; text: SlackText; verbatim: true };
}
interface HeaderBlock {
  type: "header";
  text: { type: "plain_text"; text: SlackText; emoji: true };
}
export interface SlackMessage {
  /** What notifications and screen readers show. */
  text: SlackText;
  blocks: (HeaderBlock | SectionBlock)[];
}

export interface Notice {
  /** Absent when the run left no document, because a job failed before. */
  run?: Run;
  /** Workflow jobs that did not succeed: name → result. */
  failedJobs: Record<string, string>;
  repository?: string;
  runUrl?: string;
}

/** Slack cuts a section at 3,000 characters and a header at 150. */
const SECTION_LIMIT = 2900;
const HEADER_LIMIT = 150;
const DETAIL_LIMIT = 200;
const CELLS_SHOWN = 10;

/** One message: the verdict, what failed, and the link to the run. */
export function slackMessage({ run, failedJobs, repository, runUrl }: Notice): SlackMessage {
  const jobs = Object.entries(failedJobs).map(([job, result]) => slack`• job ${slackCode(job)}: ${result}`);
  const title = `pitwall: ${headline(run, jobs.length)}${repository === undefined ? "" : ` in ${repository}`}`;
  const link = slackLink(runUrl ?? run?.trigger.runUrl, "Open the run");
  const sections = [
    [run === undefined ? slack`The run left no document.` : slackText(subjectLine(run), SECTION_LIMIT)],
    jobs,
    run === undefined ? [] : failedCells(run),
    link === undefined ? [] : [link],
  ].filter((lines) => lines.length > 0);
  return {
    text: slackText(title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: slackText(title, HEADER_LIMIT), emoji: true } },
      ...sections.map(
        (lines): SectionBlock => ({
          type: "section",
          text: { type: "mrkdwn", text: slackLines(lines, SECTION_LIMIT), verbatim: true },
        }),
      ),
    ],
  };
}

function headline(run: Run | undefined, failedJobs: number): string {
  if (failedJobs > 0) return `❌ ${counted(failedJobs, "failed job")}`;
  return run === undefined ? "❌ no results" : outcomeText(run);
}

function failedCells(run: Run): SlackText[] {
  const cells = run.cells.filter((cell) => cell.status !== "ok");
  const lines = cells.slice(0, CELLS_SHOWN).map(({ id, status, reason, detail }) => {
    return slack`• ${slackCode(id)} ${status}: *${reason}*: ${slackText(detail, DETAIL_LIMIT)}`;
  });
  const rest = cells.length - lines.length;
  return [...lines, ...(rest > 0 ? [slack`… and ${rest} more`] : [])];
}
