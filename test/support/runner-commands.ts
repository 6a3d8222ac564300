/**
 * What GitHub's runner would do because of a step's output: as ActionCommand.cs of actions/runner reads a line, and wider: of
 * every name, and past characters that its comparison ignores.
 */
export function commandsIn(output: string): string[] {
  return output.split(/\r\n|\r|\n/).flatMap((line) => {
    const text = line.replaceAll(/\p{DI}/gu, "");
    const [, name] = /^[\s\u0085]*::([^\s:]+).*::/.exec(text) ?? [];
    const [, old] = /##(?:vso)?\[([^\]]+)/.exec(text) ?? [];
    return [name ?? [], old ?? []].flat();
  });
}
