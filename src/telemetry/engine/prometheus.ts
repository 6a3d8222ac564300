interface PrometheusSample {
  name: string;
  value: number;
}

const NAME = /^[A-Za-z_:][\w:]*/;
/** What follows the name: labels, then the value; a timestamp after it may come, and is of no use here. */
const REST = /^(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}\s*|\s+)(\S+)(?:\s+-?\d+)?\s*$/;

/**
 * The sample in a line of Prometheus' text format (version 0.0.4), if its name is wanted.
 * @returns undefined for anything else: a comment, or no sample, so that a page of another kind gives none
 */
export function sampleIn(line: string, wanted: ReadonlySet<string>): PrometheusSample | undefined {
  const name = NAME.exec(line)?.[0];
  // Nearly all of vLLM's 600 lines end here, before their labels are read.
  if (name === undefined || !wanted.has(name)) return undefined;
  const number = REST.exec(line.slice(name.length))?.[1];
  const value = number === undefined ? undefined : parseNumber(number);
  return value === undefined ? undefined : { name, value };
}

function parseNumber(text: string): number | undefined {
  const named = { "+Inf": Number.POSITIVE_INFINITY, "-Inf": Number.NEGATIVE_INFINITY, NaN: Number.NaN }[text];
  if (named !== undefined) return named;
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
