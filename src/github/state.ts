import { getState, saveState } from "@actions/core";
import { z } from "zod";
import { parseJson } from "../files.ts";

const KEY = "pitwall";

/** What an action's main step leaves for its post step. */
const PostState = z.strictObject({
  output: z.string().meta({ description: "Absolute path of the working folder, where the engine's record is." }),
});
type PostState = z.infer<typeof PostState>;

export function savePostState(state: PostState): void {
  saveState(KEY, JSON.stringify(state));
}

/** Undefined when the main step ended before it had anything to leave. */
export function loadPostState(): PostState | undefined {
  const text = getState(KEY);
  return text === "" ? undefined : parseJson(text, PostState, "the state of the main step");
}
