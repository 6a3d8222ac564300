#!/usr/bin/env bash
# Installs zizmor, which audits workflows, into a cached virtual environment. Prints its path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

version=1.32.0
name=zizmor
variable=PITWALL_ZIZMOR_VENV
venv=${PITWALL_ZIZMOR_VENV:-$HOME/.cache/pitwall/zizmor-$version}
recipe="zizmor $version"
# shellcheck source=scripts/cached-venv.sh
. "$(dirname "$0")/cached-venv.sh"

install() { "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" "zizmor==$version"; }
unless_there install
echo "$venv/bin/zizmor" >&3
