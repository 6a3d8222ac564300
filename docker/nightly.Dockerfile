# The engine from the wheel that its makers built of one commit.
ARG PARENT_IMAGE
FROM ${PARENT_IMAGE}

SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]

ARG ENGINE_COMMIT
COPY install-nightly.sh /opt/pitwall/
RUN bash /opt/pitwall/install-nightly.sh "${ENGINE_COMMIT}"
