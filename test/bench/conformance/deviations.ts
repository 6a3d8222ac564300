import { CHAT_DEVIATIONS } from "./deviations/chat.ts";
import { OTHER_DEVIATIONS } from "./deviations/others.ts";
import { STREAM_DEVIATIONS } from "./deviations/streams.ts";
import { TOOL_DEVIATIONS } from "./deviations/tools.ts";
import { accepts, type Mutate, status } from "./mutations.ts";

const WRITTEN: Readonly<Record<string, Mutate>> = {
  ...CHAT_DEVIATIONS,
  ...TOOL_DEVIATIONS,
  ...STREAM_DEVIATIONS,
  ...OTHER_DEVIATIONS,
};

/** How the answers to a case are made wrong; undefined where nobody wrote it. */
export function deviationOf(id: string): Mutate | undefined {
  if (WRITTEN[id] !== undefined) return WRITTEN[id];
  // A bad request is taken; a value at the end of its range is not.
  if (id.startsWith("errors.")) return accepts;
  return id.startsWith("chat.takes.") ? status(400) : undefined;
}

/** Cases that have one written, to find those of which there is no case any more. */
export const writtenDeviations = (): string[] => Object.keys(WRITTEN);
