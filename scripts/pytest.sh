#!/usr/bin/env bash
# Installs two versions of pytest, each with its plugins, into cached virtual environments. Prints their paths, a line each,
# and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
variable=PITWALL_PYTEST_VENVS
folder=${PITWALL_PYTEST_VENVS:-$HOME/.cache/pitwall}

# The first plugin with subtests is for the versions before pytest had them itself.
new=(pytest==9.2.0 pytest-xdist==3.8.0 pytest-rerunfailures==16.7 pytest-timeout==2.4.0 pytest-asyncio==1.5.0)
old=(pytest==8.4.2 pytest-subtests==0.15.0)

install_all() {
  say "installing ${packages[*]}"
  "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" "${packages[@]}"
  "$venv/bin/python" -m pytest --version || fail "installed but does not start"
}

for name in pytest-new pytest-old; do
  venv=$folder/$name
  [ "$name" = pytest-new ] && packages=("${new[@]}") || packages=("${old[@]}")
  recipe="${packages[*]}, recipe 1"
  unless_there install_all
  echo "$venv" >&3
done
