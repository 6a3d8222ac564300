import { wholeProgram } from "./whole-program.ts";

/** What `pitwall VERB --help` prints on a terminal of that width; of pitwall itself without a verb. */
export function helpText(verb: string | undefined, width: number | undefined): string {
  const program = wholeProgram(async () => {});
  const command = program.commands.find((each) => each.name() === verb) ?? program;
  let text = "";
  command.configureOutput({
    getOutHelpWidth: () => width!,
    writeOut: (more) => {
      text += more;
    },
  });
  command.outputHelp();
  return text;
}

/** Names of what help lists, by the heading that it stands under. */
export function helpGroups(verb: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  let names: string[] = [];
  for (const line of helpText(verb, 120).split("\n")) {
    const heading = /^([A-Z].*):$/.exec(line)?.[1];
    if (heading !== undefined) {
      names = groups.get(heading) ?? [];
      groups.set(heading, names);
    }
    const name = /^ {2}(?:-h, )?(\S+)/.exec(line)?.[1];
    if (name !== undefined) names.push(name);
  }
  return groups;
}
