import { UsageError } from "../../errors.ts";

/**
 * `main` → `refs/heads/main`; a ref that is whole stays, and so does a fork's `owner:branch`.
 * @throws UsageError for what git could not have as a ref
 */
export function fullRef(named: string): string {
  if (/[\s~^?*[\\]|\.\.|\/$/.test(named)) throw new UsageError(`“${named}” is no git ref: give a branch, or refs/…`);
  return named.startsWith("refs/") || named.includes(":") ? named : `refs/heads/${named}`;
}
