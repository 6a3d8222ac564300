import { plainLine } from "./plain.ts";
import { webLink } from "./web-link.ts";

/** Slack's three control characters (https://docs.slack.dev/messaging/formatting-message-text), and names it would link. */
export function slackText(text: string, limit = Number.POSITIVE_INFINITY): string {
  const escaped = plainLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/@(?=\w)/g, "@\u200b");
  return escaped.length <= limit ? escaped : `${escaped.slice(0, limit - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}

export const slackCode = (text: string) => `\`${slackText(text).replaceAll("`", "ˋ")}\``;

/** Slack shows no longer one. */
const LONGEST_LINK = 2000;

/** @returns undefined where the address is no link of the web */
export function slackLink(address: string | null | undefined, label: string): string | undefined {
  const link = webLink(address)
    ?.replaceAll(/[<>|\s]/g, encodeURIComponent)
    .replaceAll("&", "&amp;");
  return link === undefined || link.length > LONGEST_LINK ? undefined : `<${link}|${slackText(label)}>`;
}
