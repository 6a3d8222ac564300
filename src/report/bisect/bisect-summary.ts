import { joined, type Markdown, md } from "../../foreign-text/markdown.ts";
import { counted } from "../../result/counted.ts";
import { BISECT_ENDS, type Bisect, type BisectBuild, type BisectStretch } from "../../result/document/bisect.ts";
import { METRICS } from "../../result/metrics/metric.ts";
import { markdownTable } from "../markdown.ts";
import type { Finding } from "../slack.ts";
import type { ResultTable } from "../tables/tables.ts";
import { terminalTable } from "../terminal.ts";

/** For a terminal. */
export function bisectText(bisect: Bisect): string {
  return [...linesOf(bisect), ...tablesOf(bisect).map((table) => `\n${terminalTable(table)}`)].join("\n");
}

/** The same as GitHub-flavoured Markdown. */
export function bisectMarkdown(bisect: Bisect): Markdown {
  const title = md`## pitwall: bisect of ${bisect.cell} ${bisect.metric}`;
  const sections = [title, ...linesOf(bisect).map((line) => md`${line}`), ...tablesOf(bisect).map(markdownTable)];
  return md`${joined(sections, "\n\n")}\n`;
}

/** For a message. */
export function bisectFinding(bisect: Bisect): Finding {
  return { title: `bisect: ${bisect.result?.end ?? "not ended"}`, lines: linesOf(bisect) };
}

/** What was found, in a sentence. */
export function resultSentence(bisect: Pick<Bisect, "builds" | "metric" | "result">): string {
  const { builds, metric, result } = bisect;
  if (result === undefined) return "it goes on";
  const [largest] = result.changes;
  if (result.end === "not_reproduced") {
    const found = result.ratio === undefined ? "" : `: bad ÷ good is ${intervalText(result as Interval)}`;
    return `the two ends do not differ here as they should${found}`;
  }
  if (largest === undefined) return "the budget was spent before the two ends could be told apart";
  const who = stretchText(largest, builds);
  if (result.end !== "budget_spent") return `${who} ${verbOf(largest.ratio)} ${metric}: ${intervalText(largest)}`;
  return `the budget was spent; so far ${who} is likeliest, at ${percentText(largest.probability)}`;
}

function linesOf(bisect: Bisect): string[] {
  const { builds, blocks, maxBlocks, metric, result, host, model, engine, cell } = bisect;
  const where = `${cell} ${metric}, ${engine} ${model}, on ${[host.label, host.gpu].filter(Boolean).join(", ")}`;
  const effort = effortText(blocks, maxBlocks);
  if (result === undefined) return [`not ended: ${where}`, effort];
  const ends = `bad ÷ good: ${result.ratio === undefined ? "not measured" : intervalText(result as Interval)}`;
  const more = result.changes.slice(1).map((change) => `also ${stretchText(change, builds)}: ${intervalText(change)}`);
  const rest = restText(bisect);
  const runnerUp =
    result.runnerUp === undefined
      ? []
      : [`runner-up: ${stretchText(result.runnerUp, builds)}, ${percentText(result.runnerUp.probability)}`];
  return [
    `${result.end}: ${resultSentence(bisect)}`,
    ...(result.changes.length > 0 ? [`confidence: ${percentText(result.changes[0]!.probability)}`] : []),
    ...more,
    ...(rest === null ? [] : [rest]),
    ...runnerUp,
    ends,
    where,
    effort,
    ...(result.end === "culprit" ? [] : [BISECT_ENDS[result.end]]),
  ];
}

function effortText(blocks: Bisect["blocks"], maxBlocks: number): string {
  const aside = blocks.filter(({ setAside }) => setAside === true).length;
  return [
    `${counted(blocks.length, "block")} of at most ${maxBlocks}`,
    counted(4 * blocks.length, "measurement"),
    ...(aside === 0 ? [] : [`${aside} set aside, because two numbers of one build lie far apart`]),
  ].join(", ");
}

/** Where what was found is not all of the change. */
function restText({ result }: Bisect): string | null {
  if (result?.ratio === undefined || result.changes.length === 0 || result.end === "budget_spent") return null;
  const found = result.changes.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / Math.log(result.ratio);
  return found >= LEAST_SHARE
    ? null
    : `that is ${(100 * found).toFixed(0)} % of the whole change: the rest was not found`;
}

const LEAST_SHARE = 0.67;

/** `0123456789 “Fuse the attention kernel”`, or the first and the last of several. */
function stretchText({ from, to }: Pick<BisectStretch, "from" | "to">, builds: readonly BisectBuild[]): string {
  const last = buildText(builds[to]!);
  return to - from === 1 ? last : `one of ${to - from} from ${buildText(builds[from + 1]!)} to ${last}`;
}

const buildText = ({ name, subject }: BisectBuild) =>
  subject === undefined || subject === "" ? shortText(name) : `${shortText(name)} “${subject}”`;

const shortText = (name: string) => (/^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 10) : name);

interface Interval {
  ratio: number;
  low?: number | undefined;
  high?: number | undefined;
}

/** `+5.1 % (+2.0 % to +8.2 %)` */
function intervalText({ ratio, low, high }: Interval): string {
  if (low === undefined || high === undefined) return changeText(ratio);
  return `${changeText(ratio)} (${changeText(low)} to ${changeText(high)})`;
}

const changeText = (ratio: number) => `${ratio >= 1 ? "+" : "−"}${Math.abs(100 * (ratio - 1)).toFixed(1)} %`;
const percentText = (probability: number) => `${(100 * probability).toFixed(probability > 0.99 ? 2 : 1)} %`;
const verbOf = (ratio: number) => (ratio > 1 ? "raised" : "lowered");

function tablesOf(bisect: Bisect): ResultTable[] {
  const { builds, blocks } = bisect;
  const measured = builds.flatMap((build, place) => {
    const own = blocks.filter((block) => block.build === place && block.against === 0 && block.setAside !== true);
    if (own.length === 0 && build.skipped === undefined) return [];
    return [
      [shortText(build.name), build.subject ?? "", String(own.length), build.skipped ?? changeText(ratioOf(own))],
    ];
  });
  const label = METRICS[bisect.metric as keyof typeof METRICS]?.label ?? bisect.metric;
  return [
    { title: "Beside the good end", columns: ["Build", "Subject", "Blocks", label], firstNumber: 2, rows: measured },
  ].filter(({ rows }) => rows.length > 0);
}

/** By the mean of the logarithms of all blocks. */
function ratioOf(blocks: readonly Bisect["blocks"][number][]): number {
  const logs = blocks.map(
    ({ base, arm }) => Math.log((arm[0].value * arm[1].value) / (base[0].value * base[1].value)) / 2,
  );
  return Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
}
