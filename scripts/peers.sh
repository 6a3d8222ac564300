#!/usr/bin/env bash
# Installs a load generator that ours is measured against: peers.sh guidellm|aiperf, each into a cached virtual
# environment of its own. Prints the environment's path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
name=${1:-}
case $name in
  guidellm) version=0.8.1 ;;
  aiperf) version=0.13.0 ;;
  *) echo "peers.sh: say which: guidellm or aiperf"; exit 2 ;;
esac
vllm_venv=$("$here/vllm-cpu.sh" 3>&-)
variable=PITWALL_$(printf %s "$name" | tr a-z A-Z)_VENV
venv=${!variable:-$HOME/.cache/pitwall/$name-$version}
recipe="$name $version, recipe 1, torch and tokenizer of $vllm_venv ($(cat "$vllm_venv/.pitwall-stamp"))"

install_peer() {
  local overrides
  overrides=$(mktemp)
  printf '%s\n' {torch,torchvision}"; sys_platform == 'never'" > "$overrides"
  say "installing $name $version"
  "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --override "$overrides" "$name==$version"
  rm -f "$overrides"
}

# GuideLLM needs torch for a data loader only: a link to vLLM's saves a gigabyte.
borrow_torch() {
  local from to
  from=$(site_packages "$vllm_venv")
  to=$(site_packages "$venv")
  "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" sympy networkx mpmath jinja2 fsspec filelock
  ln -s "$from"/{torch,torchgen,functorch,torch-*.dist-info} "$to"
}

# AIPerf takes tokenizers by their name on the Hugging Face hub only, never by a path.
lay_out_as_hub_cache() {
  local folder=$venv/hf-home/hub/models--pitwall--tiny-llama revision=0000000000000000000000000000000000000001
  mkdir -p "$folder/refs" "$folder/snapshots/$revision"
  printf %s "$revision" > "$folder/refs/main"
  cp "$vllm_venv/tiny-llama"/* "$folder/snapshots/$revision"
}

install_all() {
  install_peer
  [ "$name" != guidellm ] || borrow_torch
  lay_out_as_hub_cache
  "$venv/bin/$name" --help > /dev/null || fail "$name is installed but does not start"
}

unless_there install_all
echo "$venv" >&3
