import type { ChildProcess } from "node:child_process";
import { clusterEnvironment, type Kubectl, kubectlCommand } from "../../../machine/kubernetes/client.ts";
import { startMember } from "../../../machine/process.ts";

/** A kubectl that runs on, in the keeper's own process group, so that it ends with it. */
export function kubectlChild(
  kubectl: Kubectl,
  args: readonly string[],
  stdout: "inherit" | "pipe" | "ignore",
): ChildProcess {
  const [program, ...words] = kubectlCommand(kubectl, args);
  return startMember(program, words, {
    env: clusterEnvironment(kubectl, process.env),
    stdio: ["ignore", stdout, "pipe"],
  });
}

/** The last line that it says of an error, once it has ended; never throws. */
export async function lastError(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.on("data", (part: Buffer) => {
    said = (said + part.toString("utf8")).slice(-2000);
  });
  await new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  return said.trim().split("\n").at(-1) ?? "";
}
