import { followLogs } from "../../engine/watch/follow-logs.ts";
import type { Tools } from "../../tools.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { flag } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";

export const followInput = inGroup("Output", {
  follow: flag(
    "Show the logs of engine and client as they are written, each line after its log's name (default: on in GitHub Actions).",
  ).optional(),
});

const NOTHING: AsyncDisposable = { [Symbol.asyncDispose]: async () => undefined };

/** Shows the logs of a working folder until it is disposed of. */
export function following(
  { output, follow }: { output: string; follow?: boolean | undefined },
  { report, env }: Pick<Tools, "report" | "env">,
): AsyncDisposable {
  const isOn = follow ?? env.GITHUB_ACTIONS === "true";
  return isOn ? followLogs(logsFolder(output), report.info) : NOTHING;
}
