import { validityOf } from "../../evaluate/grade/controls.ts";
import { grade } from "../../evaluate/grade/grade.ts";
import { listsFromGold } from "../../evaluate/grade/lists.ts";
import type { Grade } from "../../evaluate/grade/status.ts";
import type { Instance, TestLists } from "../../evaluate/instance.ts";
import { testedOf } from "../../evaluate/tested.ts";
import { EMPTY, GOLD } from "../../evaluate/work/candidate.ts";
import type { Finished } from "../../evaluate/work/plan.ts";
import { sumOfStages } from "../../evaluate/work/stages.ts";
import { code, joined, type Markdown, md } from "../../foreign-text/markdown.ts";
import { type BoxColumn, boxTable } from "../../report/tables/box-table.ts";
import type { Outcome } from "../verb.ts";

/** Grades of an evaluation while they come in, and what they come to. */
export class Results {
  /** Candidates that are through. */
  count = 0;
  readonly #instances: readonly Instance[];
  readonly #candidates: readonly string[];
  readonly #output: string;
  readonly #lists = new Map<string, TestLists | undefined>();
  /** By candidate and instance. */
  readonly #grades = new Map<string, Grade>();

  constructor(instances: readonly Instance[], candidates: readonly string[], output: string) {
    this.#instances = instances;
    this.#candidates = candidates;
    this.#output = output;
  }

  /** Grades one; the gold patch of an instance comes before its others. @returns a line about it */
  add(instance: Instance, { saved, isReused }: Finished): string {
    const { candidate, evidence, stages } = saved;
    const result = grade(testedOf(instance), evidence, instance.lists ?? this.#lists.get(instance.id));
    if (candidate === GOLD.name) this.#lists.set(instance.id, listsFromGold(result));
    this.#grades.set(keyOf(candidate, instance.id), result);
    this.count += 1;
    const how = isReused ? "as before" : `${sumOfStages(stages).toFixed(1)} s`;
    const why = result.detail === "" ? "" : `: ${firstLine(result.detail)}`;
    return `${candidate} ${instance.id}: ${result.status} (${how})${why}`;
  }

  outcome(): Outcome {
    const judged = this.#judged();
    const rows = judged.map((candidate) => this.#rowOf(candidate));
    const isAll = rows.every(({ notResolved }) => notResolved.length === 0);
    const [only] = rows;
    return {
      ok: isAll,
      outputs: {
        instances: this.#instances.length,
        resolved:
          rows.length === 1 ? only!.resolved : rows.map(({ candidate, resolved }) => `${candidate}=${resolved}`),
        notResolved: rows.flatMap(({ candidate, notResolved }) =>
          notResolved.map((id) => (rows.length === 1 ? id : `${candidate} ${id}`)),
        ),
        results: this.#output,
      },
      text: this.#text(rows),
      summary: this.#summary(rows),
    };
  }

  /** Whose patches the evaluation is about: the controls are not, unless there are no others. */
  #judged(): string[] {
    const models = this.#candidates.filter((name) => name !== GOLD.name && name !== EMPTY.name);
    return models.length > 0 ? models : this.#candidates.filter((name) => name !== EMPTY.name);
  }

  #rowOf(candidate: string): Row {
    const ids = this.#instances.map(({ id }) => id);
    const states = ids.map((id) => ({ id, grade: this.#grades.get(keyOf(candidate, id)) }));
    const notResolved = states.filter(({ grade }) => grade?.status !== "resolved").map(({ id }) => id);
    const invalid = ids.filter((id) => this.#invalidity(id) !== undefined);
    const counted = states.filter(({ id }) => !invalid.includes(id));
    const valid = { resolved: counted.filter(({ grade }) => grade?.status === "resolved").length, of: counted.length };
    return { candidate, states, notResolved, resolved: ids.length - notResolved.length, valid };
  }

  /** Why an instance says nothing here; only where its controls were run. */
  #invalidity(id: string): string | undefined {
    if (!this.#candidates.includes(EMPTY.name)) return undefined;
    const gold = this.#grades.get(keyOf(GOLD.name, id));
    if (gold === undefined) return "the gold patch was not tried";
    const validity = validityOf(gold, this.#grades.get(keyOf(EMPTY.name, id)));
    return validity.isValid ? undefined : validity.why;
  }

  #notes(): string[] {
    const why = this.#instances.flatMap(({ id }) => {
      const invalid = this.#invalidity(id);
      return invalid === undefined ? [] : [`not valid here: ${id}: ${invalid}`];
    });
    return why;
  }

  #text(rows: readonly Row[]): string {
    const table = boxTable(
      COLUMNS,
      rows.flatMap(({ candidate, states }) =>
        states.map(({ id, grade }) => [candidate, id, grade?.status ?? "no answer", firstLine(grade?.detail ?? "")]),
      ),
    );
    return [table, ...this.#notes(), ...rows.map((row) => this.#total(row))].join("\n");
  }

  /** Shares of all that were asked for, and where controls were run of those that say anything here. */
  #total({ candidate, resolved, valid }: Row): string {
    const all = `${candidate}: ${share(resolved, this.#instances.length)} resolved`;
    return this.#candidates.includes(EMPTY.name) ? `${all}; of the valid ones ${share(valid.resolved, valid.of)}` : all;
  }

  #summary(rows: readonly Row[]): Markdown {
    const head = md`| candidate | instance | status | why |\n|---|---|---|---|`;
    const lines = rows.flatMap(({ candidate, states }) =>
      states.map(
        ({ id, grade }) =>
          md`| ${code(candidate)} | ${code(id)} | ${grade?.status ?? "no answer"} | ${firstLine(grade?.detail ?? "")} |`,
      ),
    );
    const totals = [...rows.map((row) => this.#total(row)), ...this.#notes()].map((line) => md`- ${line}`);
    return joined([md`### Evaluation of patches`, joined(totals, "\n"), joined([head, ...lines], "\n")], "\n\n");
  }
}

interface Row {
  candidate: string;
  states: { id: string; grade: Grade | undefined }[];
  notResolved: string[];
  resolved: number;
  valid: { resolved: number; of: number };
}

const COLUMNS: BoxColumn[] = [
  { title: "candidate", align: "left" },
  { title: "instance", align: "left" },
  { title: "status", align: "left" },
  { title: "why", align: "left" },
];

const keyOf = (candidate: string, id: string) => JSON.stringify([candidate, id]);

const LONGEST = 120;

const firstLine = (text: string) => text.split("\n", 1)[0]!.slice(0, LONGEST);

const share = (part: number, of: number) => `${part}/${of} (${of === 0 ? "0.0" : ((100 * part) / of).toFixed(1)}%)`;
