#!/bin/bash
# Builds and installs the engine of one commit, with the compiler's cache of earlier builds.
set -o errexit -o nounset -o pipefail

repository="$1" commit="$2" device="$3" jobs="$4"
source="$(mktemp -d)"

git clone --filter=blob:none --no-checkout "${repository}" "${source}"
cd "${source}"
git checkout --detach "${commit}"
git submodule update --init --recursive

MAX_JOBS="${jobs:-$(jobs-by-memory.sh)}"
export MAX_JOBS VLLM_TARGET_DEVICE="${device}" CCACHE_DIR=/opt/ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
  CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_CUDA_COMPILER_LAUNCHER=ccache
echo "building ${commit} for ${device} with ${MAX_JOBS} jobs"
pip install --no-cache-dir .
ccache --show-stats || true
rm -rf "${source}"
