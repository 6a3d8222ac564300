import { closest } from "fastest-levenshtein";
import { openAppender } from "../../database/append.ts";
import { personName } from "../../database/git-home/plumbing/person.ts";
import { readContent } from "../../database/read/read.ts";
import { effectOf, type RenameEffect } from "../../database/records/rename-effect.ts";
import { Renaming, RUN_NAMES } from "../../database/records/renaming.ts";
import { UsageError, UserError } from "../../errors.ts";
import { mistakeLines } from "../../mistakes.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import { contextOf, NO_ARGUMENTS } from "../../result/series/series.ts";
import type { Tools } from "../../tools.ts";
import { commitText } from "../publish/publish.ts";
import type { Outcome } from "../verb.ts";
import { recordTarget, type TaskHome } from "./record.ts";
import { sayWhatIsLeftOut } from "./report-skipped.ts";

const HOW =
  "history rename host|model|gpu|configuration|arguments|cell FROM TO, or history rename parameter NAME FROM TO";
const KINDS = [...RUN_NAMES, "cell", "parameter"] as const;

interface RenamingRuns extends TaskHome {
  /** The words after `history rename`. */
  words: readonly string[];
  why: string;
  /** Milliseconds since 1970: which runs are meant; all of them by default. */
  since?: number | undefined;
  until?: number | undefined;
  skipDamaged: boolean;
  dryRun: boolean;
}

/** `history rename WHAT FROM TO --why TEXT`: adds one record that every reader applies. */
export async function rename(inputs: RenamingRuns, tools: Tools): Promise<Outcome> {
  const named = namesIn(inputs.words);
  const target = await recordTarget(inputs, tools);
  const content = await readContent(target.source, { env: tools.env, token: target.token });
  sayWhatIsLeftOut(content, inputs.skipDamaged, tools.report);
  // Records apply in the order of their moments, whatever the clock of this machine says.
  const last = Math.max(...content.records.renaming.map(({ at }) => Date.parse(at) + 1), Date.now());
  const renaming = await recordOf({
    ...inputs,
    ...named,
    runs: content.runs,
    at: last,
    by: await personName(tools.env),
  });
  const effect = effectOf(content.runs, renaming);
  checkEffect(effect, named);
  if (effect.mixed > 0) tools.report.warning(mixedSentence(effect, named));
  const what = `${named.what} ${named.from} → ${named.to}: ${counted(effect.runs.length, "run")}, ${effect.series} series`;
  const outputs = { points: 0, runs: effect.runs.length, retracted: [], renamed: effect.series, accepted: 0 };
  if (inputs.dryRun) {
    return {
      ok: true,
      outputs: { ...outputs, renamed: 0 },
      text: `would rename ${what}${joinedWords(effect)}, on ${target.place}`,
    };
  }
  await using appender = await openAppender(target, tools);
  const { commit } = await appender.record("renaming", [renaming]);
  return { ok: true, outputs, text: `renamed ${what}${joinedWords(effect)}, on ${target.place}${commitText(commit)}` };
}

interface Named {
  kind: (typeof KINDS)[number];
  /** In words: `host`, `parameter dataset`. */
  what: string;
  /** Which parameter, where one is renamed. */
  parameter: string;
  from: string;
  to: string;
}

function namesIn([kind, ...words]: readonly string[]): Named {
  const known = KINDS.find((one) => one === kind);
  if (kind === undefined) throw new UsageError(`say what to rename: ${HOW}`);
  if (known === undefined) throw new UsageError(`“${kind}” is nothing that can be renamed: ${HOW}`);
  const [parameter, from, to, ...rest] = known === "parameter" ? words : ["", ...words];
  if (parameter === undefined || from === undefined || to === undefined || rest.length > 0) {
    throw new UsageError(
      `history rename ${kind} takes ${known === "parameter" ? "a parameter, " : ""}the old and the new name: ${HOW}`,
    );
  }
  const named = {
    ...(known === "parameter" ? { "name of the parameter": parameter } : {}),
    "old name": from,
    "new name": to,
  };
  const [empty] = Object.entries(named).find(([, word]) => word.trim() === "") ?? [];
  if (empty !== undefined) throw new UsageError(`the ${empty} is empty: ${HOW}`);
  if (from === to) throw new UsageError(`“${from}” is the old name and the new one`);
  return { kind: known, what: known === "parameter" ? `parameter ${parameter}` : known, parameter, from, to };
}

interface RecordParts extends RenamingRuns, Named {
  runs: readonly Run[];
  at: number;
  by: string;
}

async function recordOf(parts: RecordParts): Promise<Renaming> {
  const { kind, what, parameter, from, to, runs, why, by, at, since, until } = parts;
  const known = valuesOf(runs, parts);
  const found = known.find((value) => String(value) === from);
  if (found === undefined) throw new UserError(unknownName({ what, from, known: known.map(String) }));
  const moment = (ms: number) => new Date(ms).toISOString();
  const record = Renaming.safeParse({
    schema: "pitwall.renaming/1",
    what: kind,
    ...(kind === "parameter" ? { parameter } : {}),
    from: found,
    to: valueLike(found, to, what),
    ...(since === undefined ? {} : { since: moment(since) }),
    ...(until === undefined ? {} : { until: moment(until) }),
    ...{ why, by, at: moment(at) },
  });
  if (!record.success) throw new UsageError(`that cannot be renamed so:\n${mistakeLines(record.error)}`);
  const benchmark = (id: string) => id.slice(0, id.indexOf("/"));
  if (kind === "cell" && benchmark(from) !== benchmark(to)) {
    throw new UsageError(`a cell of ${benchmark(from)} stays one: begin its new id with “${benchmark(from)}/”`);
  }
  return record.data;
}

type Value = string | number | boolean;

/** The names of one kind that the runs have now. */
function valuesOf(runs: readonly Run[], { kind, parameter }: Pick<Named, "kind" | "parameter">): Value[] {
  const cells = () => runs.flatMap((run) => run.cells);
  const values: Record<Named["kind"], () => (Value | null | undefined)[]> = {
    host: () => runs.map(({ host }) => host.label),
    model: () => runs.map(({ model }) => model.name),
    gpu: () => runs.map(({ host }) => host.gpu),
    configuration: () => runs.map(({ configuration }) => configuration),
    arguments: () => runs.map((run) => contextOf(run).engineArguments ?? NO_ARGUMENTS),
    cell: () => cells().map(({ id }) => id),
    parameter: () => cells().map(({ params }) => (Object.hasOwn(params, parameter) ? params[parameter] : null)),
  };
  return [...new Set(values[kind]())].filter((value) => value !== null && value !== undefined);
}

const MOST_NAMES = 10;

function unknownName({ what, from, known }: { what: string; from: string; known: string[] }): string {
  if (known.length === 0) return `no run names a ${what}, so there is nothing to rename`;
  const shown = known.slice(0, MOST_NAMES).join(", ");
  const rest = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : "";
  return `no run has the ${what} “${from}”; did you mean “${closest(from, known)}”? There are: ${shown}${rest}`;
}

/** A parameter keeps its type: readers compare and sort numbers as numbers. */
function valueLike(found: Value, text: string, what: string): Value {
  if (typeof found === "string") return text;
  const value =
    typeof found === "number"
      ? /^-?\d+(\.\d+)?$/.test(text)
        ? Number(text)
        : undefined
      : { true: true, false: false }[text];
  if (value !== undefined) return value;
  throw new UsageError(`${what} is a ${typeof found}, which “${text}” is not`);
}

function checkEffect({ runs, withBoth }: RenameEffect, { what, from, to }: Named): void {
  if (withBoth.length > 0) {
    const ids = withBoth.slice(0, 3).join(", ");
    throw new UserError(
      `${counted(withBoth.length, "run")} (${ids}${withBoth.length > 3 ? ", …" : ""}) measured both ${from} and ${to}: ` +
        "they are two cells, and one name would hide one of them",
    );
  }
  if (runs.length === 0) throw new UserError(`no run with the ${what} “${from}” started in that time`);
}

function mixedSentence({ mixed, mixedFrom, mixedUntil }: RenameEffect, { what, from, to }: Named): string {
  return (
    `${mixed} series would mix runs of ${what} ${from} and ${to} that were measured at the same time ` +
    `(${mixedFrom!.slice(0, 10)} to ${mixedUntil!.slice(0, 10)}): if they are not one, rename a part of them only, ` +
    "with --since and --until"
  );
}

const joinedWords = ({ joined }: RenameEffect) =>
  joined === 0 ? "" : `, ${joined} of them joined to runs of that name`;
