import { type GitConfig, gitEnvironment, runGit } from "../../../machine/git.ts";

/** Settings that decide how the user's own git would reach a server and sign its name. */
const INHERITED = /^(http|credential|url|ssh|gpg)\.|^core\.sshcommand$|^user\.(name|email|signingkey)$/;

/** What git is told where we run. */
export interface FoundConfig {
  /**
   * What the repository around the folder adds to the user's global configuration: actions/checkout keeps the job's token
   * there, and a user their name. Read, never written.
   */
  local: GitConfig;
  /** Whether a name and an address for commits are set, anywhere. */
  namesUser: boolean;
  /** Whether commits are to be signed (commit.gpgsign), as the innermost setting has it. */
  signsCommits: boolean;
}

export async function findConfig(folder: string, env: NodeJS.ProcessEnv): Promise<FoundConfig> {
  const { stdout } = await runGit(["config", "--includes", "--list", "--show-scope", "-z"], {
    cwd: folder,
    env: gitEnvironment(env, []),
  });
  const words = stdout.split("\0");
  const entries = Array.from({ length: Math.floor(words.length / 2) }, (_, i) => {
    const [key, ...value] = words[2 * i + 1]!.split("\n") as [string, ...string[]];
    return { scope: words[2 * i]!, key, value: value.length === 0 ? "true" : value.join("\n") };
  });
  const isSet = (name: string) => entries.some(({ key, value }) => key === name && value.trim() !== "");
  return {
    local: entries
      .filter(({ scope, key }) => scope === "local" && INHERITED.test(key))
      .map(({ key, value }) => [key, value] as const),
    namesUser: isSet("user.name") && isSet("user.email"),
    signsCommits: /^(true|yes|on|1)$/i.test(entries.findLast(({ key }) => key === "commit.gpgsign")?.value ?? ""),
  };
}
