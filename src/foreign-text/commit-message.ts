import { cut, LIMITS } from "./limits.ts";
import { plainLine, plainText } from "./plain.ts";

/** The message of a commit in which texts of others are text. Only this module makes it; `source` is for git. */
export class CommitMessage {
  readonly source: string;
  /** No object of another form is one. */
  readonly #made = true;

  constructor(source: string) {
    this.source = source;
  }

  static is(value: unknown): value is CommitMessage {
    return typeof value === "object" && value !== null && #made in value;
  }
}

/** A message as it is written, with values in it: of texts each is one line, as long as those of a document. */
export function commitWords(parts: TemplateStringsArray, ...values: readonly (CommitMessage | string | number)[]) {
  const texts = values.map((value, at) => {
    if (CommitMessage.is(value)) return value.source;
    const text = escaped(String(value));
    return /(^|\n)$/.test(parts[at]!) ? text.replace(TRAILER, "│ $&") : text;
  });
  return new CommitMessage(String.raw({ raw: parts }, ...texts));
}

export function commitLines(parts: readonly CommitMessage[], separator = ""): CommitMessage {
  return new CommitMessage(parts.map(({ source }) => source).join(separator));
}

/** What somebody gave as the whole message of their own commit: theirs to mean, but git takes no control characters. */
export const ownMessage = (text: string) => new CommitMessage(`${plainText(text)}\n`);

/** Shows nothing, and keeps a forge from finding what it stands in. */
const BREAK = "\u200b";

/**
 * Mentions, references, words that close an issue, and those that keep workflows from starting
 * (https://docs.github.com/actions/how-tos/manage-workflow-runs/skip-workflow-runs; GitLab has the same).
 */
const LIVE =
  /@(?=[\w-])|[#!](?=\d)|\bgh-(?=\d)|\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=:?\s)|\[(?=(?:skip|no|ci|actions)[ -])/gi;

const escaped = (text: string) => cut(plainLine(text), LIMITS.text).replaceAll(LIVE, `$&${BREAK}`);

/** What would sign for somebody or tell a forge what to do, where it begins the last lines. */
const TRAILER = /^(?:[\w-]+-by|on-behalf-of|(?:skip|request)-checks|change-id)(?=\s*:)/i;
