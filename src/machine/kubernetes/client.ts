import { UserError } from "../../errors.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { type CommandOptions, type CommandResult, runCommand } from "../command.ts";
import { findProgram } from "../program.ts";

/** A kubectl and the cluster it talks to: all of it is recorded, because a later step may have another environment. */
export type Kubectl = Pick<NonNullable<EngineRecord["cluster"]>, "program" | "kubeconfig" | "context">;

export const NO_KUBECTL =
  "kubectl was not found on PATH: install it (https://kubernetes.io/docs/tasks/tools), or set PITWALL_KUBECTL to the program";

/** `PITWALL_KUBECTL` names a kubectl that is not on PATH. */
export function findKubectl(env: NodeJS.ProcessEnv, context?: string): Kubectl | undefined {
  const program = env.PITWALL_KUBECTL || findProgram("kubectl", env);
  return program === undefined ? undefined : { program, kubeconfig: env.KUBECONFIG || null, context: context ?? null };
}

/** Program and arguments of a call. */
export const kubectlCommand = ({ program, context }: Kubectl, args: readonly string[]): [string, ...string[]] => [
  program,
  ...(context === null ? [] : ["--context", context]),
  ...args,
];

export function clusterEnvironment({ kubeconfig }: Kubectl, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return kubeconfig === null ? env : { ...env, KUBECONFIG: kubeconfig };
}

/** Runs kubectl to its end; what its exit code means is the caller's to judge. */
export function askKubectl(
  kubectl: Kubectl,
  args: readonly string[],
  { env = process.env, ...options }: Pick<CommandOptions, "env" | "input" | "signal"> = {},
): Promise<CommandResult> {
  const [program, ...words] = kubectlCommand(kubectl, args);
  return runCommand(program, words, { ...options, env: clusterEnvironment(kubectl, env) });
}

/** What kubectl printed, where it did what it was asked. @throws UserError with kubectl's words, and what to do */
export async function kubectlPrints(what: string, ...call: Parameters<typeof askKubectl>): Promise<string> {
  const { exitCode, stdout, stderr } = await askKubectl(...call);
  if (exitCode === 0) return stdout;
  throw new UserError(`${what}: ${explainKubectl(stderr)}`);
}

/** kubectl's own last line, and what to do where the cluster itself is out of reach. */
export function explainKubectl(stderr: string): string {
  const said = lastLine(stderr).replace(/^error: /i, "") || "kubectl said nothing";
  const advice = ADVICE.find(([pattern]) => pattern.test(stderr))?.[1];
  return advice === undefined ? said : `${said}; ${advice}`;
}

const ADVICE: [RegExp, string][] = [
  [
    /connection refused|no such host|i\/o timeout|was refused|Unable to connect|no configuration has been provided/,
    "no cluster answers: set KUBECONFIG to its file, or choose another --kube-context (kubectl config get-contexts lists them)",
  ],
  [/context was not found|context "[^"\n]{0,300}" does not exist/, "kubectl config get-contexts lists the contexts"],
  [/\(Forbidden\)|Unauthorized|must be logged in/, "the cluster does not let this user do so: ask for a role that may"],
  [/namespaces "[^"\n]{0,300}" not found/, "make the namespace first: kubectl create namespace"],
];

const lastLine = (text: string) => text.trim().split("\n").at(-1)?.trim() ?? "";
