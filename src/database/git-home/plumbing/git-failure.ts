import { withoutCredentials } from "../../../machine/git.ts";

/** What to do about a failure of git: try again with the new tip, try again as it was, later, or tell the user. */
export interface GitFailure {
  kind: "lost-race" | "transient" | "limited" | "final";
  message: string;
  /** The credentials are missing or may not write there. */
  lacksRights: boolean;
}

/** Begins the name of each folder for git's temporary files. */
export const SCRATCH_PREFIX = "pitwall-database-";

interface Cause {
  pattern: RegExp;
  kind: GitFailure["kind"];
  /** What is wrong and what to do; `%` stands for the repository. */
  advice: string;
  lacksRights?: true;
}

/** First match wins: a refusal is often followed by "the remote end hung up", which alone would be worth another try. */
const CAUSES: readonly Cause[] = [
  {
    // GitHub's secondary limits come with 403 as well as with 429, and pass by themselves.
    pattern: /secondary rate limit|rate limit exceeded|too many requests|returned error: 429/i,
    kind: "limited",
    advice: "% is asked too often just now: publish again in some minutes, or from fewer jobs at once",
  },
  {
    pattern: /failed to (sign the data|write commit object)|Couldn't (load|find) .{0,300}key|Load key .{0,300} failed/i,
    kind: "final",
    advice:
      "git could not sign the commit for %: give it the key (user.signingkey), or set commit.gpgsign to false for this job",
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|terminal prompts disabled|returned error: 401|Permission denied \(publickey/,
    kind: "final",
    lacksRights: true,
    advice:
      "% wants credentials that it accepts: set PITWALL_TOKEN (or GITHUB_TOKEN, or the action's input “token”) to a token that may write contents",
  },
  {
    pattern:
      /returned error: 403|Permission to \S+ denied|Write access to repository not granted|insufficient permission|Permission denied|Read-only file system|unable to create temporary object/i,
    kind: "final",
    lacksRights: true,
    advice:
      "no write access to %: in a workflow give the job “permissions: contents: write”; a fork's pull request may never push",
  },
  {
    pattern: /GH006|GH013|protected branch|hook declined|push declined/i,
    kind: "final",
    advice: "% refuses the push by a rule or a hook of its own: let this job write to the data branch there",
  },
  {
    pattern: /aborted by hook/,
    kind: "final",
    advice: "a hook refuses the change of the data branch in %: let this job write there",
  },
  {
    pattern: /hash algorithm/,
    kind: "final",
    advice: "% names its objects in another way (SHA-256): publish to a repository with SHA-1",
  },
  {
    pattern: /'refs\/[^']+' exists; cannot create/,
    kind: "final",
    advice: "a branch of % has a name that begins with this one, or is the beginning of it: choose another --branch",
  },
  {
    pattern: /Unable to create '[^']+\.lock': File exists/,
    kind: "lost-race",
    advice: "the data branch of % is locked: another writer is at it, or one was killed there and left the .lock file",
  },
  {
    pattern: /refusing to update checked out branch/,
    kind: "final",
    advice: "the data branch is checked out in %: check out another branch there, or publish to a bare repository",
  },
  {
    pattern:
      /does not appear to be a git repository|[Rr]epository not found|not a git repository|repository .{0,300} not found/,
    kind: "final",
    advice: "% is not a git repository, or may not be seen with these credentials",
  },
  {
    pattern: /Could not resolve host|Connection refused|Connection timed out|Failed to connect|Couldn't connect/i,
    kind: "final",
    advice: "% could not be reached: check its address and the network",
  },
  {
    pattern:
      /\[rejected\] \((fetch first|non-fast-forward|stale info)\)|cannot lock ref|failed to update ref|incorrect old value provided|reference already exists/,
    kind: "lost-race",
    advice: "another writer was faster at %",
  },
  {
    pattern: /returned error: 5\d\d|RPC failed|early EOF|Connection reset|hung up unexpectedly/,
    kind: "transient",
    advice: "% broke off the connection",
  },
];

/** @param output everything that git printed, in the C locale */
export function judgeGitFailure(output: string, repository: string): GitFailure {
  const said = lastLines(output);
  const final = (message: string): GitFailure => ({ kind: "final", message, lacksRights: false });
  const dubious = dubiousOwnershipAdvice(output);
  if (dubious !== undefined) return final(dubious);
  const full = fullDiskAdvice(output);
  if (full !== undefined) return final(`${full}. git said:\n${said}`);
  const cause = CAUSES.find(({ pattern }) => pattern.test(output));
  if (cause === undefined) return final(`git failed at ${repository}. It said:\n${said}`);
  const message = `${cause.advice.replaceAll("%", repository)}. git said:\n${said}`;
  return { kind: cause.kind, message, lacksRights: cause.lacksRights === true };
}

/**
 * What to do where git refuses a repository that belongs to another user, as in the container of a job.
 * @param output what git printed, in the C locale; it names the folder that is to be allowed
 * @returns undefined when that is not what went wrong
 */
export function dubiousOwnership(output: string): { why: string; fix: string } | undefined {
  const [, folder] = /detected dubious ownership in repository at '([^'\n]+)'/.exec(output) ?? [];
  if (folder === undefined) return undefined;
  const word = /^[\w@%+=:,./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", String.raw`'\''`)}'`;
  return {
    why: `${folder} belongs to another user, and git refuses it (“detected dubious ownership”)`,
    fix: `git config --global --add safe.directory ${word}`,
  };
}

/** The same in a sentence. */
export function dubiousOwnershipAdvice(output: string): string | undefined {
  const found = dubiousOwnership(output);
  return found && `${found.why}. Allow it with: ${found.fix}`;
}

/**
 * What to do where a disk is full, which each part of git says in its own words.
 * @param output what git printed, in the C locale; a path of ours in it tells that the disk is that of temporary files
 * @returns undefined when that is not what went wrong
 */
export function fullDiskAdvice(output: string): string | undefined {
  const line = output
    .split("\n")
    .find((one) => /No space left on device|Out of diskspace|Disk quota exceeded/.test(one));
  if (line === undefined) return undefined;
  return line.includes(`/${SCRATCH_PREFIX}`)
    ? "no space is left on the disk of temporary files; free some, or name a folder on another one in TMPDIR, and try again"
    : "no space is left on the disk; free some, and try again";
}

function lastLines(output: string): string {
  const lines = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(hint:|To |Done$|fast-import: dumping )/.test(line));
  return lines
    .slice(-10)
    .map((line) => `  ${withoutCredentials(line)}`)
    .join("\n");
}
