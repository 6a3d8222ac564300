/** Why nothing is pushed: which rule, and in words. */
export interface NotPushed {
  rule: "dry-run" | "run-type" | "gateway" | "main-repository" | "fork" | "simulated" | "no-numbers";
  reason: string;
}

interface Asked {
  dryRun: boolean;
  runType: string;
  hasGateway: boolean;
  mainRepository: string | undefined;
  /** The job's own, as GitHub calls it; undefined on a machine of one's own. */
  repository: string | undefined;
  isForkJob: boolean;
  /** Files whose numbers no engine gave. */
  simulated: readonly string[];
  groups: number;
}

/** The first rule that forbids a push; undefined when all allow it. A series that others watch must not get other numbers. */
export function whyNotPushed(asked: Asked): NotPushed | undefined {
  return RULES.flatMap((rule) => rule(asked) ?? [])[0];
}

const RULES: readonly ((asked: Asked) => NotPushed | undefined)[] = [
  ({ dryRun }) => (dryRun ? { rule: "dry-run", reason: "this is a dry run" } : undefined),
  ({ runType }) =>
    runType === "daily"
      ? undefined
      : { rule: "run-type", reason: `only daily runs are pushed, and this one is “${runType}” (--run-type)` },
  ({ hasGateway }) =>
    hasGateway
      ? undefined
      : { rule: "gateway", reason: "there is no address of a Pushgateway (--gateway-url or PROM_PUSHGATEWAY_URL)" },
  ({ mainRepository: main, repository }) => mainRepository(main, repository),
  ({ isForkJob }) => (isForkJob ? { rule: "fork", reason: "this is a pull request from a fork" } : undefined),
  ({ simulated: [file] }) =>
    file === undefined ? undefined : { rule: "simulated", reason: `the numbers of ${file} are simulated` },
  ({ groups }) => (groups > 0 ? undefined : { rule: "no-numbers", reason: "nothing was measured" }),
];

/** A fork's scheduled job looks in all else like one of the repository that it was made of. */
function mainRepository(main: string | undefined, repository: string | undefined): NotPushed | undefined {
  if (repository === undefined) return undefined;
  const rule = "main-repository";
  if (main === undefined) {
    return { rule, reason: `nobody says whether ${repository} is the main repository (--main-repository OWNER/NAME)` };
  }
  if (main.toLowerCase() === repository.toLowerCase()) return undefined;
  return { rule, reason: `this job is of ${repository}, and only those of ${main} push` };
}
