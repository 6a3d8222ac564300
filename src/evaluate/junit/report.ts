import { SaxesParser, type SaxesTagPlain } from "saxes";
import { messageOf, UserError } from "../../errors.ts";

/** As pytest means it: an expected failure has not passed, and a strict one that passed has failed. */
export type Outcome = "passed" | "skipped" | "xfailed" | "failed" | "error";

/** One `<testcase>`. A test that fails and whose teardown fails too has two, one that is tried again has one a try. */
export interface JunitCase {
  /** Both are empty where pytest was interrupted in a test. */
  classname: string;
  name: string;
  /** Only where pytest was asked for `junit_family=xunit1`. */
  file: string | undefined;
  outcome: Outcome;
  /** Its module, class or folder could not be read: then it names that, and not a test. */
  isCollection: boolean;
  isTeardown: boolean;
  /** First words of what went wrong; where something could not be read, the last line of its traceback. */
  message: string;
}

/** The sums that pytest wrote itself. */
export interface JunitCounts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  seconds: number;
}

export interface JunitReport {
  counts: JunitCounts;
  cases: JunitCase[];
}

/** Whatever is in a report counts by the worst of it. */
const RANKS: readonly Outcome[] = ["passed", "skipped", "xfailed", "failed", "error"];
export const worstOf = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce((worst, one) => (RANKS.indexOf(one) > RANKS.indexOf(worst) ? one : worst), "passed");

/** The largest files of an engine's tests have some ten thousand; a patch can write a report of its own, with millions. */
const MOST_CASES = 200_000;

const LONGEST_MESSAGE = 300;

/**
 * A report as pytest and others write it, with `<testsuites>` or `<testsuite>` around it, several suites summed. Its entities are
 * those that XML has itself: none that a document declares is put in.
 * @throws UserError for what is no well-formed XML, or another kind of document
 */
export function readJunit(text: string): JunitReport {
  const reading = new Reading();
  const parser = new SaxesParser();
  parser.on("opentag", (tag) => reading.open(tag));
  parser.on("closetag", ({ name }) => reading.close(name));
  parser.on("text", (words) => reading.text(words));
  parser.on("error", (error) => {
    throw new UserError(`the JUnit report is no well-formed XML: ${error.message}`);
  });
  try {
    parser.write(text).close();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`the JUnit report cannot be read: ${messageOf(cause)}`, { cause });
  }
  return { counts: reading.counts, cases: reading.cases };
}

/** What was read so far. */
class Reading {
  readonly counts: JunitCounts = { tests: 0, failures: 0, errors: 0, skipped: 0, seconds: 0 };
  readonly cases: JunitCase[] = [];
  #depth = 0;
  #suites = 0;
  #case: JunitCase | undefined;

  open({ name, attributes }: SaxesTagPlain): void {
    if (this.#depth++ === 0 && name !== "testsuites" && name !== "testsuite")
      throw new UserError(`the JUnit report begins with <${name.slice(0, 50)}> instead of <testsuites> or <testsuite>`);
    if (name === "testsuite" && this.#suites++ === 0) this.#add(attributes);
    else if (name === "testcase") this.#begin(caseOf(attributes));
    else if (this.#case !== undefined) addTo(this.#case, name, attributes);
  }

  #begin(testcase: JunitCase): void {
    if (this.cases.length === MOST_CASES)
      throw new UserError(`the JUnit report has more than ${MOST_CASES} tests, which is more than are read`);
    this.#case = testcase;
    this.cases.push(testcase);
  }

  text(words: string): void {
    if (this.#case?.isCollection !== true || this.#case.outcome !== "error") return;
    const line = words.slice(words.lastIndexOf("\nE  ") + 2).split("\n", 1)[0]!;
    if (words.includes("\nE  ")) this.#case.message = line.trim().slice(0, LONGEST_MESSAGE);
  }

  close(name: string): void {
    this.#depth--;
    if (name === "testsuite") this.#suites--;
    if (name === "testcase") this.#case = undefined;
  }

  /** Sums of suites in a suite are in its own. */
  #add(attributes: Attributes): void {
    for (const name of ["tests", "failures", "errors", "skipped"] as const)
      this.counts[name] += numberOf(attributes, name);
    this.counts.seconds += numberOf(attributes, "time");
  }
}

type Attributes = Record<string, string>;

function numberOf(attributes: Attributes, name: string): number {
  const text = attributes[name] ?? "0";
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new UserError(`the JUnit report says ${name}="${text.slice(0, 50)}", which is no number of tests or seconds`);
}

const caseOf = ({ classname = "", name = "", file }: Attributes): JunitCase => ({
  ...{ classname, name, file },
  ...{ outcome: "passed", isCollection: false, isTeardown: false, message: "" },
});

/** What an element in a `<testcase>` says of it. */
function addTo(testcase: JunitCase, name: string, { type, message = "" }: Attributes): void {
  const outcome = outcomeOf(name, type);
  if (outcome === undefined) return;
  testcase.outcome = worstOf([testcase.outcome, outcome]);
  if (testcase.message === "") testcase.message = message.slice(0, LONGEST_MESSAGE);
  if (message === "collection failure" || message === "collection skipped") testcase.isCollection = true;
  if (name === "error" && message.startsWith("failed on teardown")) testcase.isTeardown = true;
}

function outcomeOf(name: string, type: string | undefined): Outcome | undefined {
  if (name === "skipped") return type === "pytest.xfail" ? "xfailed" : "skipped";
  if (name === "failure") return "failed";
  return name === "error" ? "error" : undefined;
}
