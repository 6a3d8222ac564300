import { z } from "zod";
import { parseDocument } from "./parse-document.ts";

/** `pitwall.json`: says that a branch is ours, and of which format. */
export const DatabaseMarker = z.strictObject({
  schema: z.literal("pitwall.database/1"),
  holds: z.enum(["real", "simulated"]).optional().meta({
    description: "real: at least one run of a real engine is on the branch. Absent: nobody has looked yet.",
  }),
});
export type DatabaseMarker = z.infer<typeof DatabaseMarker>;

export function serializeMarker(marker: DatabaseMarker): string {
  return `${JSON.stringify(marker)}\n`;
}

/** @throws UserError naming the file and what is wrong with it */
export function parseMarker(text: string, file: string): DatabaseMarker {
  return parseDocument(text, file, { schema: DatabaseMarker, family: "pitwall.database", version: 1 });
}
