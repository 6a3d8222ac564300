/** The object or list that a text is; an empty object when it is neither. */
export function jsonOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
