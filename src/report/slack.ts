import { counted } from "../result/counted.ts";
import type { Run } from "../result/run.ts";
import { outcomeText, subjectLine } from "./facts.ts";

interface SectionBlock {
  type: "section";
  text: { type: "mrkdwn"; text: string };
}
interface HeaderBlock {
  type: "header";
  text: { type: "plain_text"; text: string; emoji: true };
}
export interface SlackMessage {
  /** What notifications and screen readers show. */
  text: string;
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
const CELLS_SHOWN = 10;

/** One message: the verdict, what failed, and the link to the run. */
export function slackMessage({ run, failedJobs, repository, runUrl }: Notice): SlackMessage {
  const jobs = Object.entries(failedJobs).map(([job, result]) => `• job \`${escapeText(job)}\`: ${escapeText(result)}`);
  const title = `pitwall: ${headline(run, jobs.length)}${repository === undefined ? "" : ` in ${repository}`}`;
  const link = runUrl ?? run?.trigger.runUrl;
  const sections = [
    run === undefined ? "The run left no document." : escapeText(subjectLine(run)),
    jobs.join("\n"),
    run === undefined ? "" : failedCells(run),
    link == null ? "" : `<${link}|Open the run>`,
  ].filter((text) => text !== "");
  return {
    text: title,
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, HEADER_LIMIT), emoji: true } },
      ...sections.map(
        (text): SectionBlock => ({ type: "section", text: { type: "mrkdwn", text: cut(text, SECTION_LIMIT) } }),
      ),
    ],
  };
}

function headline(run: Run | undefined, failedJobs: number): string {
  if (failedJobs > 0) return `❌ ${counted(failedJobs, "failed job")}`;
  return run === undefined ? "❌ no results" : outcomeText(run);
}

function failedCells(run: Run): string {
  const cells = run.cells.filter((cell) => cell.status !== "ok");
  const lines = cells
    .slice(0, CELLS_SHOWN)
    .map((cell) => `• \`${cell.id}\` ${cell.status}: *${cell.reason}*: ${escapeText(cut(cell.detail, 200))}`);
  const rest = cells.length - lines.length;
  return [...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])].join("\n");
}

const cut = (text: string, limit: number) => (text.length <= limit ? text : `${text.slice(0, limit - 1)}…`);

/** Slack's three control characters: https://docs.slack.dev/messaging/formatting-message-text */
const escapeText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
