# The engine from a wheel of a release.
ARG PARENT_IMAGE
FROM ${PARENT_IMAGE}

SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]

ARG ENGINE_VERSION
RUN pip install --no-cache-dir "vllm==${ENGINE_VERSION}"
