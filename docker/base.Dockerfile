# System packages, Python and the test tools: one image for each pair of CUDA and Python.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}

ARG PYTHON_VERSION
SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]

# Whatever user the base image has. hadolint cannot see that both users are there.
# hadolint ignore=DL3066
USER root
COPY install-system.sh install-tools.sh /opt/pitwall/
RUN bash /opt/pitwall/install-system.sh "${PYTHON_VERSION}"

# hadolint ignore=DL3066
USER vllm
ENV PATH=/opt/venv/bin:${PATH}
RUN bash /opt/pitwall/install-tools.sh "${PYTHON_VERSION}"
WORKDIR /workspace/vllm
