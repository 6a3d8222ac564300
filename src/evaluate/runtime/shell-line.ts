/** A command as a POSIX shell takes it: nothing in it is expanded, whatever it holds. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

const shellWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
