#!/usr/bin/env bash
# Installs lm-eval, the evaluator that `pitwall check-accuracy --evaluator lm-eval` runs, into a cached virtual environment.
# Prints the environment's path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
name=lm-eval
variable=PITWALL_LM_EVAL_VENV
venv=${PITWALL_LM_EVAL_VENV:-$HOME/.cache/pitwall/lm-eval}
package='lm-eval[api]==0.4.13'
recipe="$package, recipe 1"

install_all() {
  say "installing $package"
  "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" "$package"
  "$venv/bin/lm-eval" --help > /dev/null || fail "installed but does not start"
}

unless_there install_all
echo "$venv" >&3
