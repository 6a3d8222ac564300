# PyTorch, what the tests need and optional kernels; the engine's source is mounted at /workspace/vllm and is not in here.
ARG PARENT_IMAGE
FROM ${PARENT_IMAGE}

SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]

ARG PYTORCH_VERSION
ARG PYTORCH_INDEX
RUN pip install --no-cache-dir --index-url "${PYTORCH_INDEX}" "torch==${PYTORCH_VERSION}"

ARG TEST_REQUIREMENTS=""
RUN printf 'torch==%s numpy<2 %s' "${PYTORCH_VERSION}" "${TEST_REQUIREMENTS}" | tr ' ' '\n' > /opt/pitwall/requirements.txt \
    && pip install --no-cache-dir --requirement /opt/pitwall/requirements.txt

ARG KERNELS=""
ARG KERNELS_INDEX=""
COPY install-kernels.sh jobs-by-memory.sh setup_vllm_env.sh /usr/local/bin/
RUN install-kernels.sh "${KERNELS}" "${KERNELS_INDEX}"
