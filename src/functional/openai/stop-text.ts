import { Deviation } from "../model/case.ts";

/** Some letters from within a text, not where it begins: what a request may stop at. @throws Deviation for one too short */
export function stopFrom(text: string): string {
  const within = text.slice(Math.floor(text.length / 3));
  const [found] = /[\p{L}\p{N}]{2,4}/u.exec(within) ?? [];
  if (found === undefined) throw new Deviation("must have letters in it to stop at", "$.choices[0]");
  return found;
}
