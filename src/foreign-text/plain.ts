/**
 * Sequences by which a text moves a terminal's cursor, colours it or names its window (ECMA-48: CSI; OSC, DCS, SOS, PM and
 * APC up to their end; ESC with one character). No part can match where another does, so reading stays linear.
 */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]?/g;
/** What shows nothing and changes what is around it: controls, line separators, directions, zero width; emoji need a joiner. */
const INVISIBLE = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/**
 * What a runner takes for a command: `::name::` where a line begins, after white space, and `##[name]` anywhere
 * (actions/runner, ActionCommand.cs: TryParseV2, TryParse). It compares by culture, which passes over characters that
 * Unicode says to ignore. `##vso[` is the same of Azure Pipelines, `##teamcity[` of TeamCity.
 */
const COMMAND_LINE = /^(?=[\p{Zs}\t\p{DI}]*:\p{DI}*:)/gmu;
const COMMAND_ANYWHERE = /#\p{DI}*#(?=\p{DI}*[a-z]*\[)/giu;

/**
 * A text of anybody as one that a terminal and the log of a workflow only show: no escape sequence, control character or
 * override of direction takes effect, and no line is a command of the runner. Lines and tabs stay.
 */
export function plainText(text: string): string {
  return named(text.replaceAll(SEQUENCE, "")).replaceAll(COMMAND_ANYWHERE, "# #").replaceAll(COMMAND_LINE, "│ ");
}

/** The same in one line. */
export function plainLine(text: string): string {
  // Trimmed without the sequences: spaces behind one would begin the line, and in Markdown make it code.
  return plainText(text.replaceAll(SEQUENCE, "").trim().replaceAll(/\r?\n/g, " ⏎ "));
}

/**
 * A text, or a whole page of HTML, in which controls and overrides of direction stand by their names: a browser, too, would
 * show what is around them in another order. Nothing else of it changes.
 */
export function named(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(INVISIBLE, visible);
}

/** JSON whose strings are inert in a terminal and in the log of a workflow, and mean what they did. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(INVISIBLE, escaped).replaceAll(COMMAND_ANYWHERE, escaped);
}

/** JSON to stand in a script element of a page: no text in it closes the element, and each is {@link named}. */
export function inlineJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, one) => (typeof one === "string" ? named(one) : one));
  return json.replaceAll("<", "\\u003c");
}

/** Unicode has a picture of each control character of ASCII; others are named by their number. */
function visible(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "␡" : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

const escaped = (text: string) =>
  text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
