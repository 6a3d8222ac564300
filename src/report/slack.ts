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

/** What builds beside each other, or a search among them, came to. */
export interface Finding {
  /** A few words. */
  title: string;
  /** The most important one first. */
  lines: readonly string[];
}

export interface Notice {
  /** Absent when the run left no document, because a job failed before. */
  run?: Run | undefined;
  finding?: Finding | undefined;
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
const LINE_LIMIT = 280;
const LINES_SHOWN = 10;

/** One message: the verdict, what failed or was found, and the link to the run. */
export function slackMessage({ run, finding, failedJobs, repository, runUrl }: Notice): SlackMessage {
  const jobs = Object.entries(failedJobs).map(([job, result]) => slack`• job ${slackCode(job)}: ${result}`);
  const title = `pitwall: ${headline({ run, finding }, jobs.length)}${repository === undefined ? "" : ` in ${repository}`}`;
  const link = slackLink(runUrl ?? run?.trigger.runUrl, "Open the run");
  const sections = [
    run === undefined && finding !== undefined ? [] : [subject(run)],
    jobs,
    finding === undefined ? [] : found(finding),
    run === undefined ? [] : failedCells(run, finding),
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

function headline({ run, finding }: Pick<Notice, "run" | "finding">, failedJobs: number): string {
  if (failedJobs > 0) return `❌ ${counted(failedJobs, "failed job")}`;
  if (finding !== undefined) return finding.title;
  return run === undefined ? "❌ no results" : outcomeText(run);
}

const subject = (run: Run | undefined) =>
  run === undefined ? slack`The run left no document.` : slackText(subjectLine(run), SECTION_LIMIT);

function found({ lines }: Finding): SlackText[] {
  const rest = lines.length - LINES_SHOWN;
  return [
    ...lines.slice(0, LINES_SHOWN).map((line) => slack`• ${slackText(line, LINE_LIMIT)}`),
    ...(rest > 0 ? [slack`… and ${rest} more`] : []),
  ];
}

/** Those of a comparison are among what it found. */
function failedCells(run: Run, finding: Finding | undefined): SlackText[] {
  const failed = run.cells.filter((cell) => cell.status !== "ok");
  const cells = failed.filter(({ benchmark }) => finding === undefined || benchmark !== "compare");
  const lines = cells.slice(0, CELLS_SHOWN).map(({ id, status, reason, detail }) => {
    return slack`• ${slackCode(id)} ${status}: *${reason}*: ${slackText(detail, DETAIL_LIMIT)}`;
  });
  const rest = cells.length - lines.length;
  return [...lines, ...(rest > 0 ? [slack`… and ${rest} more`] : [])];
}
