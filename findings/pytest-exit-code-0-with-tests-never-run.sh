#!/usr/bin/env bash
# `pytest.exit("…", returncode=0)` in a test or in code under test ends the session with exit code 0, and its JUnit file says
# that all of one test passed: the tests after it are nowhere, the one that was running is a `<testcase>` without a name that
# no sum counts. Guess: a session that was ended in the middle exits with 2 (interrupted), or its report holds an error.
# Whoever takes "exit code 0 and no failures in the report" for a pass is told so by a patch that ends the tests early; only a
# list of tests that must be there tells. Under pytest-xdist the same line is an internal error (3), with `os._exit(0)` and no
# plugin there is exit code 0 and no report at all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pytest==9.0.2 pytest-xdist==3.8.0
cat > "$work/test_early.py" <<'PY'
import pytest

def test_first(): pass
def test_ends_all(): pytest.exit("enough", returncode=0)
def test_fails(): assert False
PY
cat > "$work/test_gone.py" <<'PY'
import os

def test_first(): pass
def test_leaves(): os._exit(0)
PY
run() {
  local status=0
  (cd "$work" && rm -f report.xml && venv/bin/python -m pytest --quiet -p no:cacheprovider --junitxml=report.xml "$@") \
    > "$work/log" 2>&1 || status=$?
  echo "$status"
}
"$work/venv/bin/python" -m pytest --version
early=$(run test_early.py)
report=$(cat "$work/report.xml")
echo "pytest.exit: exit code $early, $(grep -o '<testsuite [^>]*time' <<< "$report")"
grep -o '<testcase [^>]*>' <<< "$report"
spread=$(run -n 2 test_early.py)
echo "pytest.exit under pytest-xdist: exit code $spread"
gone=$(run test_gone.py)
echo "os._exit(0): exit code $gone, report: $([ -f "$work/report.xml" ] && echo there || echo none)"
[ "$early" -eq 0 ] && [ "$spread" -eq 3 ] && [ "$gone" -eq 0 ] && [ ! -f "$work/report.xml" ] &&
  grep -q 'errors="0" failures="0" skipped="0" tests="1"' <<< "$report" && grep -q '<testcase time=' <<< "$report" &&
  ! grep -q test_fails <<< "$report" || { echo "not seen any more"; exit 1; }
echo "seen: exit code 0 and a report of one test that passed, though one failed to run and one never did"
