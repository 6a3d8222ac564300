import { join } from "node:path";
import { writeFileAtomically } from "../../files.ts";
import type { CommandOptions } from "../../machine/command.ts";
import { askKubectl, type Kubectl } from "../../machine/kubernetes/client.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { EngineError } from "../engine-error.ts";
import { startLastWords } from "../log.ts";
import { warningsAbout } from "./look.ts";
import type { Trouble } from "./trouble.ts";

interface Where extends Pick<CommandOptions, "env" | "signal"> {
  kubectl: Kubectl;
  output: string;
}

/** Why a start came to nothing, as the pod, its events and its log tell. Reads them, so call it before anything is deleted. */
export async function explainTrouble(trouble: Trouble, where: Where): Promise<EngineError> {
  const { pod, reason, cause, fix, crashed } = trouble;
  if (crashed !== undefined) return explainCrash(trouble, crashed, where);
  const warnings = await warningsAbout(where.kubectl, pod, where);
  return new EngineError({
    reason,
    detail: `${cause}; ${fix}`,
    ...(warnings.length === 0 ? {} : { logTail: warnings.join("\n") }),
  });
}

/** The container's own log goes through the same signs as any engine's. */
async function explainCrash(
  { pod, cause }: Trouble,
  { container, restarted, killed }: NonNullable<Trouble["crashed"]>,
  { kubectl, output, ...options }: Where,
): Promise<EngineError> {
  const place = ["--namespace", pod.namespace, "--container", container];
  const args = ["logs", pod.name, ...place, ...(restarted ? ["--previous"] : [])];
  const { exitCode, stdout, stderr } = await askKubectl(kubectl, args, options);
  const logFile = join(logsFolder(output), `engine-${pod.name}-${container}.log`);
  await writeFileAtomically(logFile, exitCode === 0 ? stdout : stderr);
  const what = `${cause} before it was healthy`;
  const { detail, ...words } = await startLastWords({ logFile }, { what, phase: "start", killed });
  return new EngineError({ ...words, detail: detail.replaceAll("--engine-args", "the manifest's args") });
}

interface Late {
  seconds: number;
  /** What was waited for last. */
  what: string;
  troubles: readonly Trouble[];
}

/** The limit is over: with what the pods lack where they say so, which explains more than the time. */
export async function explainLateness({ seconds, what, troubles }: Late, where: Where): Promise<EngineError> {
  const [trouble] = troubles;
  if (trouble === undefined) {
    const detail = `the engine was not ready within ${seconds} s: ${what}; --start-timeout gives it longer`;
    return new EngineError({ reason: "startup_timeout", detail });
  }
  const explained = await explainTrouble(trouble, where);
  const { reason, detail, logTail } = explained.failure;
  return new EngineError({
    reason,
    detail: `${detail} (waited for ${seconds} s; --start-timeout waits longer)`,
    ...(logTail === undefined ? {} : { logTail }),
  });
}
