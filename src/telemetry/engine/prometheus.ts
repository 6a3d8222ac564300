interface PrometheusSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = /^[A-Za-z_:][\w:]*/;
/** What follows the name; a timestamp after the value may come, and is of no use here. */
const REST = /^(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}\s*|\s+)(\S+)(?:\s+-?\d+)?\s*$/;
/** One after the other: what stands between is a comma, and what is no label ends them. */
const LABEL = /[\s,]*([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/gy;

/**
 * Samples of Prometheus' text format (version 0.0.4) whose name is wanted. Anything else is passed over: comments, and
 * lines that are no sample, so that a page of another kind gives none.
 */
export function parsePrometheus(text: string, wanted: (name: string) => boolean): PrometheusSample[] {
  return text.split("\n").flatMap((line) => {
    const name = NAME.exec(line)?.[0];
    // Nearly all of vLLM's 600 lines end here, before their labels are read.
    if (name === undefined || !wanted(name)) return [];
    const [, labels = "", number] = REST.exec(line.slice(name.length)) ?? [];
    const value = number === undefined ? undefined : parseNumber(number);
    return value === undefined ? [] : [{ name, labels: parseLabels(labels), value }];
  });
}

function parseLabels(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name, value]) => [name!, unescapeLabel(value!)]));
}

const unescapeLabel = (text: string) => text.replaceAll(/\\(.)/g, (_, char) => (char === "n" ? "\n" : char));

function parseNumber(text: string): number | undefined {
  const named = { "+Inf": Number.POSITIVE_INFINITY, "-Inf": Number.NEGATIVE_INFINITY, NaN: Number.NaN }[text];
  if (named !== undefined) return named;
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
