import { z } from "zod";

/** The name of a folder of our own: nothing leads out of it, hides it, or is taken for a flag. */
export const InstanceId = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}$/,
    "must be letters, digits and _ . + - only, and begin with none of . + -",
  )
  // They lie beside files of ours.
  .regex(/^(?!.*\.json$)/i, "must not end with .json");

/** A test or a file in the repository; it becomes an argument of pytest. */
export const TestPath = z.string().superRefine((id, { addIssue }) => {
  const why = whyUnsafe(id);
  if (why !== undefined) addIssue({ code: "custom", message: why });
});

function whyUnsafe(id: string): string | undefined {
  const [path = ""] = id.split("::", 1);
  if (path === "") return "must name a file";
  if (id.startsWith("@")) return "must not begin with “@”: pytest would read its arguments from that file";
  if (id.startsWith("-")) return "must not begin with “-”: pytest would take it for a flag";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "must be a path from the root of the repository";
  if (path.split(/[/\\]/).includes("..")) return "must not lead out of the repository";
  return /[\0\n\r]/.test(id) ? "must be one line" : undefined;
}
