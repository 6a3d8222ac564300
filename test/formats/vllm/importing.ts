import { readFileSync } from "node:fs";
import { join } from "node:path";
import { detectFormat, importFile } from "../../../src/formats/import.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import type { Run } from "../../../src/result/document/run.ts";

export const fixture = (path: string): string => readFileSync(join(PACKAGE_ROOT, "test/fixtures", path), "utf8");

const given = { model: "tiny", hostLabel: "h100", gpu: "NVIDIA H100", timeZone: "Z" };

/** What `pitwall import` makes of a file. */
export function importing(name: string, content: unknown, more: object = {}): Run[] {
  const file = { name, text: typeof content === "string" ? content : JSON.stringify(content) };
  return importFile(file, detectFormat(file), { ...given, ...more });
}

/** A result of `vllm bench serve` 0.32 with other keys. */
export const served = (changes: object): object => ({
  ...JSON.parse(fixture("imports/workload/burst1.json")),
  ...changes,
});

/** The only cell of the only run. */
export const cellOf = ([run]: Run[]): Run["cells"][number] => run!.cells[0]!;
