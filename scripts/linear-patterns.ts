import { type AST, RegExpParser } from "@eslint-community/regexpp";
import {
  Chars,
  getConsumedChars,
  getMatchingDirection,
  isPotentiallyEmpty,
  type ReadonlyFlags,
} from "regexp-ast-analysis";
import { analyse } from "scslre";
import ts from "typescript";

export interface Pattern {
  source: string;
  flags: string;
  line: number;
}

/** The regular expressions of a file: literals, and constants given to `new RegExp`. */
export function patternsIn(text: string): Pattern[] {
  const file = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    const literal = node.kind === ts.SyntaxKind.RegularExpressionLiteral ? node.getText() : undefined;
    if (literal !== undefined) {
      const end = literal.lastIndexOf("/");
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ source: literal.slice(1, end), flags: literal.slice(end + 1), line });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * Why a search with this pattern may take longer than in proportion to the text; undefined when it may not. Three causes:
 * two repetitions that share characters (found by scslre), one that is begun anew at each of its own characters (also), and
 * one behind a beginning that may stand within it, as in `/begin .*end/`: it runs to the end of the line from each `begin`.
 * The remedy of the last two is a bound, `.{0,200}`, an anchor, or no pattern.
 */
export function whySlow({ source, flags }: Omit<Pattern, "line">): string | undefined {
  const [report] = analyse({ source, flags }).reports;
  if (report !== undefined) {
    const quantifiers = report.type === "Trade" ? [report.startQuant, report.endQuant] : [report.quant];
    return `${quantifiers.map(({ raw }) => raw).join(" and ")} may take “${report.character.pick}” in more than one way`;
  }
  const { pattern, flags: parsed } = new RegExpParser().parseLiteral(`/${source}/${flags}`);
  const gap = parsed.sticky ? undefined : rerunGap(pattern, parsed);
  return gap && `${gap.raw} may be run again from every beginning that stands within it`;
}

/** An endless repetition whose beginning may stand in what it repeats, and behind which the match may still fail. */
function rerunGap({ alternatives }: AST.Pattern, flags: AST.Flags): AST.Quantifier | undefined {
  for (const alternative of alternatives) {
    const gap = gapIn(alternative, { before: [], mayFail: false }, flags);
    if (gap !== undefined) return gap;
  }
  return undefined;
}

interface Around {
  /** What is matched before, as far as it must be. */
  before: readonly AST.Element[];
  /** Something must be matched behind. */
  mayFail: boolean;
}

function gapIn({ elements }: AST.Alternative, around: Around, flags: AST.Flags): AST.Quantifier | undefined {
  const before = [...around.before];
  for (const [index, element] of elements.entries()) {
    const behind = elements.slice(index + 1);
    const mayFail = around.mayFail || behind.some((one) => !isPotentiallyEmpty(one, flags) || isEdge(one));
    const gap = before.some((one) => isStart(one, flags)) ? undefined : gapOf(element, { before, mayFail }, flags);
    if (gap !== undefined) return gap;
    if (element.type !== "Quantifier" || element.min > 0) before.push(element);
  }
  return undefined;
}

function gapOf(element: AST.Element, around: Around, flags: AST.Flags): AST.Quantifier | undefined {
  if (element.type === "Quantifier") {
    if (element.max !== Number.POSITIVE_INFINITY) return gapOf(element.element, { ...around, mayFail: true }, flags);
    return around.mayFail && !isApart(element, around.before, flags) ? element : undefined;
  }
  if (!("alternatives" in element)) return undefined;
  if (element.type === "Assertion" && getMatchingDirection(element) === "rtl") return undefined;
  const mayFail = around.mayFail || element.type === "Assertion";
  return element.alternatives.map((one) => gapIn(one, { ...around, mayFail }, flags)).find((gap) => gap !== undefined);
}

/** A character that must come before and cannot be repeated: so each beginning has a run of its own. */
function isApart({ element }: AST.Quantifier, before: readonly AST.Element[], flags: ReadonlyFlags): boolean {
  const repeated = getConsumedChars(element, flags).chars;
  const holdsOne = (one: AST.Element): boolean => {
    if ("alternatives" in one && one.type !== "Assertion")
      return one.alternatives.every(({ elements }) => elements.some(holdsOne));
    if (one.type === "Quantifier") return one.min > 0 && holdsOne(one.element);
    if (one.type === "Assertion") return one.kind === "start" && Chars.lineTerminator(flags).isDisjointWith(repeated);
    return !isPotentiallyEmpty(one, flags) && getConsumedChars(one, flags).chars.isDisjointWith(repeated);
  };
  return before.some(holdsOne);
}

const isEdge = (element: AST.Element) => element.type === "Assertion";

/** The text begins once; a line may begin within what is repeated. */
const isStart = (element: AST.Element, { multiline }: AST.Flags) =>
  element.type === "Assertion" && element.kind === "start" && !multiline;
