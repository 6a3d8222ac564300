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

/** A reader that has seen enough, as `head` has, is no error, and no reason to end what is being measured. */
export function allowClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
