#!/usr/bin/env bash
# Two things stand in pytest's JUnit file exactly like a test that passed: a try that failed and was run again
# (pytest-rerunfailures), and an expected failure that passed (XPASS, not strict). Guess: the first is a <rerunFailure> as in
# Maven's files, or is left out; the second has a <skipped type="pytest.xpass"> or a property, as XFAIL has its type.
# What is left of the rerun is a second <testcase> of the same name that the suite's sum does not count, and with an older version
# of the plugin not even that; of the XPASS nothing is left but a word on the terminal. Whoever needs to tell them must compare
# sums with elements, switch reruns off (-p no:rerunfailures), and run with xfail_strict=true.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
cat > "$work/test_it.py" <<'PY'
import pytest

tries = []

@pytest.mark.flaky(reruns=1)
def test_second_try():
    tries.append(1)
    assert len(tries) == 2

@pytest.mark.xfail(reason="known")
def test_expected_to_fail(): pass

def test_plain(): pass
PY
run() {
  "$work/venv/bin/pip" install --quiet pytest==9.0.2 "pytest-rerunfailures==$1"
  echo "pytest 9.0.2, pytest-rerunfailures $1"
  (cd "$work" && venv/bin/python -m pytest -rX -p no:cacheprovider --junitxml=report.xml test_it.py | grep -E '^XPASS|passed')
  report=$(cat "$work/report.xml")
  cases=$(grep -o '<testcase [^>]*>' <<< "$report" | sed 's/ time="[^"]*"//')
  grep -o '<testsuite [^>]* time' <<< "$report"
  echo "$cases"
}
tries() { grep -c 'name="test_second_try" />' <<< "$cases"; }
looks_good() {
  grep -q 'errors="0" failures="0" skipped="0" tests="3"' <<< "$report" && grep -q 'name="test_expected_to_fail" />' <<< "$cases"
}
run 16.1
[ "$(tries)" -eq 1 ] && looks_good || { echo "not seen any more"; exit 1; }
run 16.7
[ "$(tries)" -eq 2 ] && looks_good || { echo "not seen any more"; exit 1; }
echo "seen: every element looks passed, of three tests of which one passed at its first try as it should"
