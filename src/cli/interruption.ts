import { printAside } from "./output.ts";

const NAMES = ["SIGINT", "SIGTERM"] as const;

let interrupted: AbortSignal | undefined;

/** From the first time on that a verb asks for it; one that has begun nothing that must be ended in order ends as any program does. */
export const interruption = (): AbortSignal => {
  interrupted ??= listenForInterruption();
  return interrupted;
};

/** Whether an error is what a signal ended the work with. */
export const isInterruption = (error: unknown): boolean =>
  interrupted?.aborted === true && error === interrupted.reason;

/** What is left is to print, maybe for long, and nothing that must be ended in order. */
export function stopListening(): void {
  for (const name of NAMES) process.removeAllListeners(name);
}

/** Aborts on the first Ctrl-C or TERM, so that the engine is stopped and what was measured is kept; the second one ends at once. */
function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of NAMES) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        printAside("\nended at once: the engine may still run; stop it with: pitwall start-engine --stop");
        process.exit(1);
      }
      printAside(`\n${name}: ending, and keeping what was measured…`);
      controller.abort(new Error(`ended by ${name}`));
    });
  }
  return controller.signal;
}
