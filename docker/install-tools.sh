#!/bin/bash
# As vllm: a virtual environment with what builds an engine and what runs its tests.
set -o errexit -o nounset -o pipefail

version="$1"

"python${version}" -m venv /opt/venv
pip install --no-cache-dir \
  "cmake>=3.26,<4" ninja packaging "setuptools<77" "setuptools_scm>=8" wheel \
  pytest pytest-asyncio pytest-forked pytest-rerunfailures pytest-timeout pytest-xdist
