#!/usr/bin/env bash
# Installs the programs of other people that read what `pitwall export` writes, into a cached virtual environment:
# MLflow with its server, prometheus-client, pyarrow. Prints the environment's path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
name=clients
variable=PITWALL_CLIENTS_VENV
venv=${PITWALL_CLIENTS_VENV:-$HOME/.cache/pitwall/clients}
packages=(mlflow==3.17.2 prometheus-client==0.26.0 "pyarrow<25")
recipe="${packages[*]}, recipe 1"

install_all() {
  say "installing ${packages[*]}"
  "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" "${packages[@]}"
  "$venv/bin/python" -c 'import pyarrow.parquet, prometheus_client.parser' || fail "installed but does not start"
  "$venv/bin/mlflow" --version > /dev/null || fail "mlflow is installed but does not start"
}

unless_there install_all
echo "$venv" >&3
