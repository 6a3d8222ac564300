import { MOST } from "../../foreign-text/limits.ts";
import type { Run, RunCell } from "../document/run.ts";
import { sum } from "../metrics/distribution.ts";
import type { Inconsistency } from "./inconsistency.ts";

/** What of a document has more entries than any: a page of it would be too large to build or to open. */
export function excesses({ cells, engine, host }: Run): Inconsistency[] {
  const ofRun = [
    moreThan(MOST.cells, cells.length, "cells", ["cells"]),
    excessOfArguments(engine.args),
    moreThan(MOST.listed, host.gpus?.length, "GPUs", ["host", "gpus"]),
    moreThan(MOST.paramCharacters, sum(cells.map(paramCharacters)), "characters in the ids and params of its cells", [
      "cells",
    ]),
  ].flat();
  return [...ofRun, ...cells.flatMap((cell, index) => ofCell(cell, ["cells", index]))];
}

/** Excesses among the engine's arguments, which are known before anything is measured. */
export function excessOfArguments(args: readonly string[]): Inconsistency[] {
  const path = ["engine", "args"];
  return [
    ...moreThan(MOST.arguments, args.length, "arguments of the engine", path),
    ...moreThan(MOST.argumentCharacters, characters(args), "characters in the arguments of the engine", path),
  ];
}

function ofCell(cell: RunCell, path: PropertyKey[]): Inconsistency[] {
  const more = (most: number, count: number | undefined, what: string, ...below: PropertyKey[]) =>
    moreThan(most, count, `${what} in the cell ${cell.id}`, [...path, ...below]);
  const params = more(MOST.params, keys(cell.params), "params", "params");
  if (cell.status === "skipped") return params;
  const { search } = cell;
  const ofSearch = [
    more(MOST.listed, search?.objectives.length, "objectives", "search", "objectives"),
    more(MOST.listed, search?.probes.length, "probes", "search", "probes"),
    ...(search?.probes ?? []).map(({ values }, index) =>
      more(MOST.listed, keys(values), "values of a probe", "search", "probes", index),
    ),
  ];
  if (cell.status === "failed") return [params, ...ofSearch].flat();
  const { telemetry, health, slos, repeats } = cell;
  const repeated = Object.entries(repeats?.metrics ?? {});
  return [
    params,
    ...ofSearch,
    more(MOST.listed, telemetry?.warnings.length, "warnings", "telemetry", "warnings"),
    more(MOST.listed, telemetry?.gpu?.throttling?.length, "reasons for lowered clocks", "telemetry", "gpu"),
    more(MOST.listed, health?.limitedBy?.length, "limits that the client passed", "health", "limitedBy"),
    more(MOST.listed, slos?.length, "limits of a request", "slos"),
    more(MOST.listed, repeated.length, "repeated metrics", "repeats"),
    ...repeated.map(([name, stored]) => {
      const values = Array.isArray(stored) ? stored : stored.values;
      return more(MOST.repeats, values.length, "repeats of a metric", "repeats", "metrics", name);
    }),
  ].flat();
}

function moreThan(most: number, count: number | undefined, what: string, path: PropertyKey[]): Inconsistency[] {
  if (count === undefined || count <= most) return [];
  const number = (value: number) => value.toLocaleString("en");
  return [{ path, text: `has ${number(count)} ${what}, more than the ${number(most)} that a document may have` }];
}

const keys = (record: object) => Object.keys(record).length;
const characters = (texts: readonly string[]) => sum(texts.map((text) => text.length));
const paramCharacters = ({ id, params }: RunCell) => characters([id, ...Object.entries(params).flat().map(String)]);
