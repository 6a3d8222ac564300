/**
 * Runs real pytest, of two versions and with its plugins, over test/fixtures/junit/project and keeps the report of each run
 * beside it, with how pytest ended in ends.json. `scripts/make-junit-fixtures.ts`; the versions are in scripts/pytest.sh.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/package-root.ts";

const FIXTURES = join(PACKAGE_ROOT, "test", "fixtures", "junit");
const PROJECT = join(FIXTURES, "project");
const OUTCOMES = "tests/test_outcomes.py";
const HANG = "tests/test_hang.py";
const PARTS = ["tests/test_parts.py", "tests/test_unittest_parts.py"];
const NAMING = ["tests/naming/test_shape.py", "tests/naming/test_shape/TestRound.py"];
const BROKEN = ["tests/test_broken.py", "tests/test_skipped_module.py"];

/** Arguments of pytest by the name of the run. */
const RUNS: Record<string, string[]> = {
  outcomes: [OUTCOMES],
  "strict-xfail": ["-o", "xfail_strict=true", `${OUTCOMES}::test_xpass`],
  broken: BROKEN,
  "broken-with-files": ["-o", "junit_family=xunit1", ...BROKEN],
  "broken-and-on": ["--continue-on-collection-errors", "tests/test_broken.py", "tests/test_leaves.py::test_before"],
  subtests: PARTS,
  "crashed-worker": ["-n", "2", "tests/test_crash.py"],
  crash: ["tests/test_crash.py"],
  leaves: ["tests/test_leaves.py"],
  reruns: ["--reruns", "1", "tests/test_flaky.py"],
  "timeout-signal": ["--timeout", "1", HANG],
  "timeout-thread": ["--timeout", "1", "--timeout-method", "thread", HANG],
  async: ["tests/test_async.py"],
  "all-skipped": ["tests/test_all_skipped.py"],
  nothing: ["tests/test_nothing.py"],
  interrupt: ["tests/test_interrupt.py"],
  naming: NAMING,
  "naming-with-files": ["-o", "junit_family=xunit1", ...NAMING],
  doctest: ["--doctest-modules", "tests/naming/test_doc.py"],
  conftest: ["tests/bad_conftest"],
  "no-such-test": ["tests/test_flaky.py::test_gone", "tests/test_leaves.py::test_before"],
  "status-of-its-own": ["-p", "exits_zero", `${OUTCOMES}::test_fail`],
  "fails-after-passing": ["-p", "exits_one", `${OUTCOMES}::test_pass`],
};

/** What tells this machine and this moment apart from others. */
function withoutPlace(xml: string): string {
  return xml
    .replaceAll(PROJECT, "/project")
    .replace(/ timestamp="[^"]*" hostname="[^"]*"/, ' timestamp="2026-01-01T00:00:00+00:00" hostname="host"')
    .replace(/ time="[^"]*"/g, ' time="0.010"')
    .replace(/ at 0x[0-9a-f]+/g, " at 0x1")
    .replace(/\/[^\n:"]{0,300}\/lib\/python3/g, "/usr/lib/python3");
}

const code = (status: number | null, signal: string | null) => (signal === null ? { code: status } : { signal });

function runPytest(venv: string, name: string, args: readonly string[], folder: string) {
  const path = join(folder, `${name}.xml`);
  const all = ["-m", "pytest", "-p", "no:cacheprovider", `--junitxml=${path}`, ...args];
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: join(PROJECT, "plugins") };
  const { status, signal } = spawnSync(join(venv, "bin", "python"), all, { cwd: PROJECT, env, stdio: "ignore" });
  const kept = join(FIXTURES, `${name}.xml`);
  rmSync(kept, { force: true });
  if (existsSync(path)) writeFileSync(kept, `${withoutPlace(readFileSync(path, "utf8"))}\n`);
  return code(status, signal);
}

const [recent, old] = execFileSync(join(PACKAGE_ROOT, "scripts", "pytest.sh"), { encoding: "utf8" })
  .trim()
  .split("\n");
const folder = mkdtempSync(join(tmpdir(), "pitwall-junit-"));
const ends: Record<string, object> = {};
for (const [name, args] of Object.entries(RUNS)) ends[name] = runPytest(recent!, name, args, folder);
ends["subtests-plugin"] = runPytest(old!, "subtests-plugin", PARTS, folder);
rmSync(folder, { recursive: true });
writeFileSync(join(FIXTURES, "ends.json"), `${JSON.stringify(ends, null, 1)}\n`);
