import { parse } from "marked";
import { commandsIn } from "./runner-commands.ts";

/** What would not be read but done: by the terminal, and by the runner that reads a step's output. */
export function liveInTerminal(text: string): string[] {
  const effects = text.match(/(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu) ?? [];
  return [...commandsIn(text), ...effects.map((one) => `U+${one.codePointAt(0)!.toString(16)}`)];
}

/** What shows nothing and changes how what is around it is read. */
export function invisibleIn(text: string): string[] {
  const found = text.match(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu) ?? [];
  return found.map((one) => `U+${one.codePointAt(0)!.toString(16)}`);
}

/** Elements and links that GitHub would make of Markdown which holds nothing of the kind itself. */
export function liveInMarkdown(markdown: string): string[] {
  const html = parse(markdown, { gfm: true, async: false });
  const text = html.replaceAll(/<pre>[\s\S]*?<\/pre>|<code>.*?<\/code>/g, "");
  return [
    ...(html.match(
      /<(?!\/?(h2|h3|p|table|thead|tbody|tr|th|td|ul|li|strong|code|pre|details|summary|blockquote)\b)[^>]*>/g,
    ) ?? []),
    ...(text.match(
      /@pitwall-marker|[a-z]#1\b|https?:\/\/|www\.p|<strong>pitwall-marker|<h[1-6][^>]*>\s*pitwall-marker|<td[^>]*>pitwall-marker/g,
    ) ?? []),
  ];
}

/** Formulas, mentions and links by Slack's rules. */
export function liveInSlack(message: string): string[] {
  const ours = message.replaceAll("<https://github.com/octo/llm/actions/runs/1|Open the run>", "");
  return ours.match(/<[^>]*>|@p/g) ?? [];
}

/** Cells of a CSV file that a spreadsheet would calculate. */
export function liveInCsv(csv: string): string[] {
  const cells = [...csv.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",\n]*)(?=,|\n|$)/gm)].map(([, cell]) => cell!);
  const texts = cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1) : cell));
  return texts.filter((text) => /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)));
}

/** Controls, and what a forge would act on in a message of git: mentions, references, words that close or skip. */
export function liveInCommit(message: string): string[] {
  const words = message.match(/@[\w-]|#\d|\bgh-\d|\b(close|fix|resolve)\w{0,2}:?\s|\[(skip|no|ci|actions) /gi) ?? [];
  return [...words, ...invisibleIn(message.replaceAll("\u200b", ""))];
}
