#!/bin/bash
# Kernels that the engine can do without: one that cannot be installed does not end the build, and is noted as absent.
set -o errexit -o nounset -o pipefail

read -r -a kernels <<< "$1"
index="$2"
absent=()
MAX_JOBS="$(jobs-by-memory.sh)"
export MAX_JOBS

for kernel in "${kernels[@]}"; do
  options=(--no-cache-dir --no-build-isolation)
  if [[ "${kernel}" == flashinfer* && -n "${index}" ]]; then options+=(--extra-index-url "${index}"); fi
  if ! pip install "${options[@]}" "${kernel}"; then
    echo "WARNING: the optional kernel ${kernel} could not be installed; the image goes without it"
    absent+=("${kernel}")
  fi
done

(IFS=, && echo "${absent[*]}") > /opt/pitwall/absent-kernels
