import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { licenceFindings } from "../../scripts/security/licences.ts";
import { passes, resultLine } from "../../scripts/security/result.ts";
import { auditResult } from "../../scripts/security/vulnerabilities.ts";
import { LARGEST_MIB } from "../../src/database/document/text-file.ts";
import { LARGEST_PACK_MIB, LARGEST_UNPACKED_MIB } from "../../src/database/pack/pack.ts";
import { LIMITS, MOST } from "../../src/foreign-text/limits.ts";
import { MOST_PRINTED_MIB } from "../../src/machine/printed.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { LARGEST_DATA_MIB, LARGEST_FILE_MIB } from "../../src/plain-file.ts";
import { FULL } from "../../src/result/checks/overfull.ts";

test("docs/security.md has the limits of the code", () => {
  const page = readFileSync(join(PACKAGE_ROOT, "docs/security.md"), "utf8");
  const rows = [...page.matchAll(/^\| ([^|]+) \| (\d+) (?:MiB|characters|entries) \|/gm)];
  expect(Object.fromEntries(rows.map(([, of, most]) => [of, Number(most)]))).toEqual({
    "a document or record of the data branch": LARGEST_MIB,
    "a pack, as it lies there": LARGEST_PACK_MIB,
    "a pack, unpacked": LARGEST_UNPACKED_MIB,
    "any other file of others that is read as a whole": LARGEST_FILE_MIB,
    "a dataset in JSON lines, a result of vLLM's client, a file of the working folder": LARGEST_DATA_MIB,
    "what a program prints that is asked something": MOST_PRINTED_MIB,
    "log lines around a cause": LIMITS.logTail,
    "what happened to a cell": LIMITS.detail,
    "an argument of the engine": LIMITS.argument,
    "any other text of others": LIMITS.text,
    "cells of a document": MOST.cells,
    "params of a cell": MOST.params,
    "ids and params of all cells together": MOST.paramCharacters,
    "arguments of the engine": MOST.arguments,
    "arguments of the engine together": MOST.argumentCharacters,
    "repeats of a metric": MOST.repeats,
    "any other list of a document": MOST.listed,
    "whatever else is a list or map there": FULL,
  });
});

test("docs/data.md has the most entries of a document", () => {
  const [, table = ""] = readFileSync(join(PACKAGE_ROOT, "docs/data.md"), "utf8").split(
    "| Entries | At most |\n| --- | --- |\n",
  );
  const [rows = ""] = table.split("\n\n");
  const numbers = [...rows.matchAll(/ \| ([\d,]+) \|$/gm)].map(([, most]) => Number(most!.replaceAll(",", "")));
  expect(numbers).toEqual(Object.values(MOST));
});

describe("the licence of a package", () => {
  const findings = (license?: string, name = "a") =>
    licenceFindings({
      packages: { "": {}, [`node_modules/${name}`]: { version: "1.0.0", ...(license && { license }) } },
    });

  test.each(["MIT", "(Apache-2.0 AND BSD-3-Clause)", "GPL-3.0 OR MIT"])("%s is good", (licence) => {
    expect(findings(licence)).toEqual([]);
  });

  test.each(["GPL-3.0", "MIT AND GPL-3.0", undefined])("%s is a finding that names the package", (licence) => {
    expect(findings(licence)).toEqual([`a 1.0.0: ${licence ?? "none stated"}`]);
  });

  test("that is not on the list is good for the packages of an exception alone", () => {
    expect(findings("MPL-2.0", "lightningcss-linux-x64-gnu")).toEqual([]);
    expect(findings("MPL-2.0", "other")).toHaveLength(1);
  });
});

describe("known vulnerabilities", () => {
  test("are findings", () => {
    const report = {
      vulnerabilities: { ws: { severity: "high", range: "<8.17.1" } },
      metadata: { dependencies: { total: 9 } },
    };
    const result = auditResult(JSON.stringify(report), "");
    expect(passes(result)).toBe(false);
    expect(resultLine(result)).toBe("vulnerabilities: 1 findings in 9 packages\n  ws <8.17.1: high");
  });

  test.each(["", "{}", '{"message":"405 Method Not Allowed"}', '{"error":{"summary":"no such service"}}'])(
    "of which a registry tells nothing (%s) are not checked, and nobody says 0",
    (stdout) => {
      const result = auditResult(stdout, "npm error audit endpoint returned an error");
      expect(resultLine(result)).toMatch(/^vulnerabilities: not checked: this registry gives no data/);
      expect(passes(result)).toBe(false);
    },
  );

  test("none is what the report says", () => {
    expect(passes(auditResult('{"vulnerabilities":{},"metadata":{"dependencies":{"total":9}}}', ""))).toBe(true);
  });
});
