import { UserError } from "../errors.ts";

/** Names and values of labels, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

interface Sample {
  labels: Labels;
  value: number;
}

/** Every metric is a gauge: of one name with two types, in whatever groups, a Pushgateway refuses the second. */
export interface Family {
  name: string;
  help: string;
  samples: readonly Sample[];
}

/**
 * Text exposition format 0.0.4, which Prometheus, Pushgateway and node_exporter's textfile collector read: HELP and TYPE
 * once and before the samples, no time stamps. Families of one name are joined.
 * (prometheus.io/docs/instrumenting/exposition_formats)
 * @throws UserError when two numbers are of one series: a Pushgateway refuses the whole text, even if they are equal
 */
export function expositionText(families: readonly Family[]): string {
  const byName = Map.groupBy(families, ({ name }) => name);
  return [...byName].map(([name, parts]) => familyText(name, parts)).join("");
}

function familyText(name: string, parts: readonly Family[]): string {
  const samples = parts.flatMap((part) => part.samples);
  if (samples.length === 0) return "";
  const lines = samples.map(({ labels, value }) => ({ series: `${name}${labelText(labels)}`, value }));
  const twice = firstTwice(samples.map(({ labels }) => seriesKey(labels)));
  if (twice !== undefined) {
    throw new UserError(
      `there are two numbers for ${lines[twice]!.series}: tell them apart by a label, as in --label K=V`,
    );
  }
  return [
    `# HELP ${name} ${parts[0]!.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`,
    `# TYPE ${name} gauge\n`,
    ...lines.map(({ series, value }) => `${series} ${value}\n`),
  ].join("");
}

function firstTwice(keys: readonly string[]): number | undefined {
  const seen = new Set<string>();
  const index = keys.findIndex((key) => seen.size === seen.add(key).size);
  return index === -1 ? undefined : index;
}

/** Equal for the same labels in any order. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Equal for labels of one series: there Prometheus takes an empty one for none. */
export function seriesKey(labels: Labels): string {
  return labelsKey(Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== "")));
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapeLabel = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
