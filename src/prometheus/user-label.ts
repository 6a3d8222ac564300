import { UsageError, UserError } from "../errors.ts";

/** Labels that pitwall sets itself, or that Prometheus gives a meaning of its own. */
const RESERVED = [
  "job",
  "stage",
  "task",
  "case",
  "kind",
  "cell",
  "quantile",
  "le",
  "engine",
  "gpu",
  "client",
  "simulated",
];
/** As long as the longest text of a run document. */
const LONGEST = 1000;

/**
 * `K=V`; the value may be empty, or hold more equals signs.
 * @throws UserError saying what is wrong with it
 */
export function parseLabel(given: string): readonly [name: string, value: string] {
  const at = given.indexOf("=");
  if (at === -1) throw new UserError("must be NAME=VALUE, as in region=eu");
  const [name, value] = [given.slice(0, at), given.slice(at + 1)];
  checkName(name);
  if (!value.isWellFormed()) throw new UserError(`the value of ${name} is no text in Unicode`);
  if (value.length > LONGEST) throw new UserError(`the value of ${name} has more than ${LONGEST} characters`);
  return [name, value];
}

function checkName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UserError(`“${name}” is no name of a label: letters, digits and underscores, no digit first`);
  }
  if (name.startsWith("__")) throw new UserError(`${name}: Prometheus keeps names that begin with __ for itself`);
  if (name === "job") throw new UserError("the job is no label: give it with --job");
  if (RESERVED.includes(name)) throw new UserError(`${name} is a label that pitwall sets itself: choose another name`);
}

/** @throws UsageError when a name is given twice */
export function labelsOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`the label ${twice} is given twice`);
  return Object.fromEntries(pairs);
}
