import { type Command, Help, type Option } from "commander";

const INDENT = "  ";
const GAP = "  ";
/** On a wide page, too: eyes should not have far to go to the description. */
const WIDEST_TERM = 30;

/**
 * Help that fits: descriptions stand in one column and wrap at the width of the page; what is too wide for the column before
 * them stands above them. Groups come in the order of their options.
 */
export class FittingHelp extends Help {
  override minWidthToWrap = 1;
  readonly #inputs: readonly Option[];

  /** @param inputs a verb's, in order; some may be none of the command's own options, since they are no flags */
  constructor(inputs: readonly Option[] = []) {
    super();
    this.#inputs = inputs;
  }

  override visibleOptions(command: Command): Option[] {
    const others = super.visibleOptions(command).filter((option) => !this.#inputs.includes(option));
    return [...this.#inputs.filter(({ hidden }) => !hidden), ...others];
  }

  override groupItems<T extends Command | Option>(
    _all: T[],
    visible: T[],
    groupOf: (item: T) => string,
  ): Map<string, T[]> {
    return super.groupItems(visible, visible, groupOf);
  }

  /** Every command has options. */
  override subcommandTerm(command: Command): string {
    return super.subcommandTerm(command).replace(" [options]", "");
  }

  /** @returns the width of the widest term that has its description beside it */
  override padWidth(command: Command, helper: Help): number {
    const widest = Math.min(WIDEST_TERM, Math.floor(0.36 * this.#width));
    const terms = [
      ...helper.visibleArguments(command).map(helper.argumentTerm),
      ...helper.visibleOptions(command).map(helper.optionTerm),
      ...helper.visibleCommands(command).map((each) => helper.subcommandTerm(each)),
    ];
    return Math.max(0, ...terms.map(helper.displayWidth).filter((width) => width <= widest));
  }

  override formatItem(term: string, termWidth: number, description: string, helper: Help): string {
    const column = INDENT.length + termWidth + GAP.length;
    const width = this.#width - column;
    const lines = helper.boxWrap(breakable(description, width), width).split("\n");
    const isWide = helper.displayWidth(term) > termWidth;
    const first = isWide ? termLines(term, this.#width) : [(INDENT + term).padEnd(column) + lines.shift()];
    return [...first, ...lines.map((line) => " ".repeat(column) + line)].join("\n");
  }

  get #width(): number {
    return this.helpWidth || 80;
  }
}

/** A list that is wider than its column may go on below after a comma. */
const breakable = (text: string, width: number) =>
  text.replaceAll(/\S+/g, (word) => (word.length > width ? word.replaceAll(",", ", ").trimEnd() : word));

/** A term that is wider than the page goes on below, after one of the bars between its choices. */
function termLines(term: string, width: number): string[] {
  let line = INDENT;
  const lines: string[] = [];
  for (const part of term.split(/(?<=\|)/)) {
    if (line.length + part.length > width) {
      lines.push(line);
      line = INDENT.repeat(3);
    }
    line += part;
  }
  return [...lines, line];
}
