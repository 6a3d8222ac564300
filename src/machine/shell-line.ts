/** A command as a POSIX shell takes it: nothing in it is expanded, whatever it holds. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(" ");

/** A word as a shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
