import type { Matching } from "../sample.ts";

export function isSame(one: string, other: string, matching: Matching): boolean {
  return normalized(one, matching) === normalized(other, matching);
}

function normalized(text: string, { strip, caseInsensitive }: Matching): string {
  const stripped = strip ? text.trim().replace(/(?<=[^.])\.$/, "") : text;
  return caseInsensitive ? stripped.toLowerCase() : stripped;
}
