import { messageOf } from "../errors.ts";
import { plainJson, plainText } from "../foreign-text/plain.ts";

/** All that the command line writes on stdout and stderr, its reporter aside, goes through here. */
export function printResult(text: string): void {
  process.stdout.write(`${plainText(text)}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${plainJson(value)}\n`);
}

export function printAside(text: string): void {
  process.stderr.write(`${plainText(text)}\n`);
}

/**
 * What is printed may find no taker. A reader that has seen enough, as `head` has, is no error. A result that could not be
 * written fails the command; but neither it nor a lost line of the log is a reason to end what is being measured.
 */
export function allowLostOutput(): void {
  let isSaid = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isSaid) return;
    isSaid = true;
    printAside(`error: could not write to standard output: ${messageOf(error)}`);
    // Last, for whoever printed goes on and sets the code of its own end.
    process.once("exit", () => {
      process.exitCode ||= 1;
    });
  });
  // There is no place left to say it.
  process.stderr.on("error", () => undefined);
}
