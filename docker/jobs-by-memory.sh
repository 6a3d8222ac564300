#!/bin/bash
# How many compilers may run at once: one for each 4 GiB of free memory, and not more than there are processors.
set -o errexit -o nounset -o pipefail

free_gib="$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)"
jobs="$((free_gib / 4))"
processors="$(nproc)"
if ((jobs > processors)); then jobs="${processors}"; fi
if ((jobs < 1)); then jobs=1; fi
echo "${jobs}"
