#!/bin/bash
# The wheel of exactly this commit: no index that has others is asked for it, so that none can take its place.
set -o errexit -o nounset -o pipefail

commit="$1"
place="https://wheels.vllm.ai/${commit}"
wheels="$(mktemp -d)"

if ! pip download --no-cache-dir --no-deps --no-index --pre --find-links "${place}/vllm/" --dest "${wheels}" vllm; then
  # As wheels of a commit were called before there were pages that list them.
  pip download --no-cache-dir --no-deps --no-index --dest "${wheels}" \
    "${place}/vllm-1.0.0.dev-cp38-abi3-manylinux1_x86_64.whl" \
    || { echo "there is no wheel of commit ${commit}: build it from source" >&2 && exit 1; }
fi
pip install --no-cache-dir "${wheels}"/*.whl
rm -rf "${wheels}"
