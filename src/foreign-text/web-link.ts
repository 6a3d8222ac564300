/** An address that a click may open: of http or https. Others, such as javascript: or data:, run or hide something. */
export function isWebLink(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** @returns undefined for what is no link: it is to be shown as text */
export function webLink(text: string | null | undefined): string | undefined {
  return text != null && isWebLink(text) ? text : undefined;
}
