# The engine built from the source of one commit. Needs BuildKit, for the compiler's cache outlives the build.
ARG PARENT_IMAGE
FROM ${PARENT_IMAGE}

SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]

ARG ENGINE_REPOSITORY
ARG ENGINE_COMMIT
ARG ENGINE_DEVICE=cuda
ARG MAX_JOBS=""
COPY build-engine.sh /opt/pitwall/
RUN --mount=type=cache,target=/opt/ccache,uid=999,gid=999 \
    bash /opt/pitwall/build-engine.sh "${ENGINE_REPOSITORY}" "${ENGINE_COMMIT}" "${ENGINE_DEVICE}" "${MAX_JOBS}"
