import { plainLine } from "./plain.ts";
import { webLink } from "./web-link.ts";

/** Slack's mrkdwn in which texts of others are text. Only this module makes it; in JSON it is its source. */
export class SlackText {
  readonly source: string;
  /** No object of another form is one. */
  readonly #made = true;

  constructor(source: string) {
    this.source = source;
  }

  static is(value: unknown): value is SlackText {
    return typeof value === "object" && value !== null && #made in value;
  }

  toJSON(): string {
    return this.source;
  }
}

/** Mrkdwn as it is written, with values in it: texts lose every meaning but their own. */
export function slack(parts: TemplateStringsArray, ...values: readonly (SlackText | string | number)[]): SlackText {
  const texts = values.map((value) => (SlackText.is(value) ? value.source : escaped(String(value))));
  return new SlackText(String.raw({ raw: parts }, ...texts));
}

/** @param limit the most characters that Slack shows, escapes counted */
export const slackText = (text: string, limit?: number) => new SlackText(escaped(text, limit));

export const slackCode = (text: string) => new SlackText(`\`${escaped(text).replaceAll("`", "ˋ")}\``);

/** Lines, whole ones, as many as there is room for. */
export function slackLines(lines: readonly SlackText[], limit: number): SlackText {
  const text = lines.map(({ source }) => source).join("\n");
  if (text.length <= limit) return new SlackText(text);
  const kept = text.slice(0, limit).split("\n").slice(0, -1);
  return new SlackText([...kept, "…"].join("\n"));
}

/** Slack shows no longer one. */
const LONGEST_LINK = 2000;

/** @returns undefined where the address is no link of the web */
export function slackLink(address: string | null | undefined, label: string): SlackText | undefined {
  const link = webLink(address)
    ?.replaceAll(/[<>|\s]/g, encodeURIComponent)
    .replaceAll("&", "&amp;");
  return link === undefined || link.length > LONGEST_LINK ? undefined : new SlackText(`<${link}|${escaped(label)}>`);
}

/** Slack's three control characters (https://docs.slack.dev/messaging/formatting-message-text), and names it would link. */
function escaped(text: string, limit = Number.POSITIVE_INFINITY): string {
  const inert = plainLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/@(?=\w)/g, "@\u200b");
  return inert.length <= limit ? inert : `${inert.slice(0, limit - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}
