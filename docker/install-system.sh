#!/bin/bash
# As root: system packages, a Python, the user vllm and the folders that belong to it.
set -o errexit -o nounset -o pipefail

version="$1"
python="python${version}"
export DEBIAN_FRONTEND=noninteractive

# Whether extensions can be built for it, and a virtual environment made.
python_is_whole() {
  command -v "${python}" > /dev/null && "${python}" - << 'EOF'
import ensurepip, os, sys, sysconfig, venv
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))
EOF
}

apt-get update
apt-get install --yes --no-install-recommends \
  build-essential ca-certificates ccache curl git libnuma-dev libsndfile1 numactl

if ! python_is_whole; then
  if ! apt-cache show "${python}-venv" > /dev/null 2>&1; then
    apt-get install --yes --no-install-recommends gpg-agent software-properties-common
    add-apt-repository --yes ppa:deadsnakes/ppa
  fi
  apt-get install --yes --no-install-recommends "${python}" "${python}-dev" "${python}-venv"
fi
rm -rf /var/lib/apt/lists/*

groupadd --non-unique --gid 999 vllm
useradd --non-unique --uid 999 --gid 999 --create-home --shell /bin/bash vllm
folders=(/opt/venv /opt/pitwall /opt/ccache /workspace /workspace/vllm /workspace/results /workspace/patches)
mkdir -p "${folders[@]}" /home/vllm/.cache/huggingface
chown vllm:vllm "${folders[@]}"
chown -R vllm:vllm /home/vllm
# The mounted source belongs to a user of the host.
git config --system --add safe.directory '/workspace/vllm'
