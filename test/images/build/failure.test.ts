import { expect, test } from "vitest";
import { buildFailure } from "../../../src/images/build/failure.ts";

const BUILDKIT = `#4 [1/3] FROM docker.io/library/gym-base:1
#4 DONE 0.1s
#5 [2/3] RUN install-kernels.sh
#5 1.2 ERROR: No matching distribution found for flashinfer
#5 DONE 1.3s
#6 [3/3] RUN pip install x
#6 0.8 ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
#6 ERROR: executor failed running [/bin/bash]: exit code: 1
------
 > [3/3] RUN pip install x:
------
executor failed running`;

const CLASSIC = `Step 1/2 : FROM gym
 ---> 1
Step 2/2 : RUN make
 ---> Running in 5
ninja: build stopped: subcommand failed.
The command '/bin/sh -c make' returned a non-zero code: 1`;

test("the step that failed explains it, not one before that was let through", () => {
  expect(buildFailure(BUILDKIT)).toMatchObject({ kind: "disk_full", stage: "[3/3] RUN pip install x" });
});

test("the step is known by the summary where the log is so long that its first line was not read", () => {
  const end = BUILDKIT.slice(BUILDKIT.indexOf("#6 0.8"));
  expect(buildFailure(end)).toMatchObject({ kind: "disk_full", stage: "[3/3] RUN pip install x" });
});

test("a password in an address is not told again", () => {
  const { tail } = buildFailure("pip: cannot reach https://me:word@example.org/simple");
  expect(tail).toBe("pip: cannot reach https://***@example.org/simple");
});

test("the old builder names its steps in another way", () => {
  expect(buildFailure(CLASSIC)).toMatchObject({ kind: "compile_error", stage: "Step 2/2 : RUN make" });
});

test.each([
  ["Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", "daemon"],
  ["toomanyrequests: You have reached your pull rate limit.", "pull_limit"],
  [
    "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    "base_image_missing",
  ],
  ["denied: requested access to the resource is denied", "registry_denied"],
  ["manifest for nvidia/cuda:1 not found: manifest unknown", "base_image_missing"],
  ["the --mount option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/", "builder"],
  ["g++: fatal error: Killed signal terminated program cc1plus", "out_of_memory"],
  ["curl: (6) Could not resolve host: example.org", "network"],
  ["there is no wheel of commit abc: build it from source", "package_missing"],
  ["make: *** [all] Error 2", "build_failed"],
])("“%s” is %s", (log, kind) => {
  expect(buildFailure(log).kind).toBe(kind);
});

test("the last 50 lines are kept", () => {
  const log = Array.from({ length: 80 }, (_, index) => `line ${index}`).join("\n");
  const lines = buildFailure(log).tail.split("\n");
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([50, "line 30", "line 79"]);
});
