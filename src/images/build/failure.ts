import { withoutCredentials } from "../../machine/git.ts";

/** Why a build failed, as far as its log says, and in which of its steps. */
export interface BuildFailure {
  kind: BuildFailureKind;
  /** As Docker names it; undefined when it failed before its first step. */
  stage: string | undefined;
  /** Last lines of the log. */
  tail: string;
}

const TAIL_LINES = 50;

/** The first that fits: what others follow from comes before them. */
const SIGNS = [
  ["daemon", /cannot connect to the docker daemon|error during connect/i],
  ["disk_full", /no space left on device/i],
  ["pull_limit", /toomanyrequests|pull rate limit/i],
  [
    "builder",
    /requires BuildKit|buildx component is missing|cache export (feature )?is not supported|multi-platform build is not supported/i,
  ],
  [
    "base_image_missing",
    /pull access denied|manifest unknown|failed to resolve source metadata|repository does not exist|manifest for \S+ not found/i,
  ],
  ["registry_denied", /no basic auth|unauthorized|denied: requested access|authentication required/i],
  ["out_of_memory", /cannot allocate memory|\bKilled\b|exit code: 137|returned a non-zero code: 137/],
  [
    "network",
    /could not resolve host|temporary failure (in name )?resolution|connection (refused|reset|timed out)|network is unreachable|i\/o timeout|tls handshake timeout/i,
  ],
  [
    "package_missing",
    /no matching distribution|could not find a version that satisfies|unable to locate package|there is no wheel of commit/i,
  ],
  ["compile_error", /ninja: build stopped|nvcc fatal|cmake error|error: command \S+ failed|compilation terminated/i],
] as const;
type BuildFailureKind = (typeof SIGNS)[number][0] | "build_failed";

export function buildFailure(log: string): BuildFailure {
  const lines = log.trimEnd().split("\n");
  const { stage, own } = failedStep(lines);
  const said = own.join("\n");
  const [kind] = SIGNS.find(([, pattern]) => pattern.test(said)) ?? (["build_failed"] as const);
  return { kind, stage, tail: withoutCredentials(lines.slice(-TAIL_LINES).join("\n")) };
}

/** An optional kernel may have failed in a step before, which explains nothing. */
function failedStep(lines: readonly string[]): { stage: string | undefined; own: readonly string[] } {
  const failed = lines.map((line) => /^#(\d+) ERROR/.exec(line)?.[1]).find((number) => number !== undefined);
  if (failed !== undefined) {
    const own = lines.filter((line) => line.startsWith(`#${failed} `));
    // Its first line may be far above, where nobody reads; the summary at the end has it again.
    const named = own.find((line) => /^#\d+ \[/.test(line))?.replace(/^#\d+ /, "");
    const stage =
      named ??
      lines
        .find((line) => line.startsWith(" > ["))
        ?.slice(3)
        .replace(/:$/, "");
    return { stage, own: [...own, ...lines.filter((line) => !/^#\d+ /.test(line))] };
  }
  const at = lines.findLastIndex((line) => /^Step \d+\/\d+ :/.test(line));
  return { stage: at === -1 ? undefined : lines[at]!, own: lines.slice(Math.max(at, 0)) };
}

const ADVICE: Record<BuildFailureKind, string> = {
  daemon: "the Docker daemon does not answer; start it, or set DOCKER_HOST",
  disk_full: "the disk is full; docker system prune frees space",
  pull_limit: "the registry lets nobody pull more for now; docker login raises the limit",
  registry_denied: "the registry refused; docker login, and check the name",
  builder:
    "this builder cannot do that; install buildx (docker-buildx-plugin), or choose another builder with docker buildx use",
  base_image_missing: "the image that it begins with is not there; check its name and tag",
  out_of_memory: "memory ran out; set max-jobs, or build fewer images at once with --jobs 1",
  network: "something could not be reached; check network and proxies",
  package_missing: "a package is not to be had for this Python and platform",
  compile_error: "the compiler failed",
  build_failed: "a command of it failed",
};

/** In a sentence. */
export const explained = ({ kind, stage }: BuildFailure) =>
  stage === undefined ? ADVICE[kind] : `${ADVICE[kind]} (in ${stage})`;
