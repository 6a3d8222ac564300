#!/usr/bin/env bash
# pytest asked for several tests runs none of them when one is not there, or when the module of one cannot be imported: exit code
# 4, also with --continue-on-collection-errors, and a JUnit file without a test. Guess: it runs those that it finds and counts
# the other as an error, as it does when it is asked for whole files.
# So a list of tests from another commit grades a right patch like a wrong one; asking for the files shows what is there.
# The same exit code comes of `-p no:cacheprovider`, which graders add to keep a tree clean, where the repository's own addopts
# have --lf, --ff or --nf. Guess: those do nothing without a cache; but then pytest does not know the options.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pytest==9.0.2
printf 'def test_good(): pass\n' > "$work/test_a.py"
printf 'import no_such_module\n\ndef test_b(): pass\n' > "$work/test_b.py"
run() {
  local status=0
  (cd "$work" && venv/bin/python -m pytest --quiet --continue-on-collection-errors --junitxml=report.xml "$@") \
    > "$work/log" 2>&1 || status=$?
  echo "exit code $status, $(grep -o '<testcase classname="test_[^>]*>' "$work/report.xml" 2>/dev/null | wc -l) tests that ran in the report"
  rm -f "$work/report.xml"
}
"$work/venv/bin/python" -m pytest --version
missing=$(run test_a.py::test_good test_a.py::test_none)
echo "two tests, one of which is not there:        $missing"
broken=$(run test_a.py::test_good test_b.py::test_b)
echo "two tests, one in a module that is broken:   $broken"
files=$(run test_a.py test_b.py)
echo "the two files of those:                      $files"
printf '[pytest]\naddopts = --ff\n' > "$work/pytest.ini"
cache=$(run -p no:cacheprovider test_a.py)
echo "addopts = --ff, with -p no:cacheprovider:    $cache"
[ "$missing" = "exit code 4, 0 tests that ran in the report" ] && [ "$broken" = "exit code 4, 0 tests that ran in the report" ] &&
  [[ "$files" == "exit code 1, 1 tests"* ]] && [[ "$cache" == "exit code 4, 0 tests"* ]] ||
  { tail -5 "$work/log"; echo "not seen any more"; exit 1; }
echo "seen: one id that cannot be had, or one option without its plugin, and no test runs"
