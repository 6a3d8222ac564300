import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { UserError } from "../errors.ts";

/** Most that a program may print on both streams together; git lists 100,000 runs in a tenth of it. */
export const MOST_PRINTED_MIB = 256;

export class TooMuchPrinted extends UserError {
  constructor(program: string) {
    super(
      `${program} printed more than ${MOST_PRINTED_MIB} MiB, which is all that is kept of a program: it was stopped`,
    );
  }
}

/** What a program prints, up to the limit: none of it may fill our memory. */
export class Printed {
  bytes = 0;
  readonly #onTooMuch: () => void;

  constructor(onTooMuch: () => void) {
    this.#onTooMuch = onTooMuch;
  }

  get isTooMuch(): boolean {
    return this.bytes > MOST_PRINTED_MIB * 2 ** 20;
  }

  /** One of its streams. */
  part() {
    const parts: Buffer[] = [];
    return {
      add: (part: Buffer) => {
        if (this.isTooMuch) return;
        this.bytes += part.length;
        if (this.isTooMuch) this.#onTooMuch();
        else parts.push(part);
      },
      text: () => Buffer.concat(parts).toString("utf8"),
    };
  }
}

const QUIET_MS = 2500;

/**
 * How it ended, once all that it printed is here. What it left behind in the background, as a shell file may, can hold its
 * pipes for ever: they are let go when nothing comes. A first look only counts, for we may have been too busy to read.
 */
export async function closeOf(child: ChildProcess, printed: Printed): Promise<[number | null, NodeJS.Signals | null]> {
  let looking: NodeJS.Timeout | undefined;
  let before = -1;
  child.once("exit", () => {
    looking = setInterval(() => {
      if (printed.bytes === before) letGo(child);
      before = printed.bytes;
    }, QUIET_MS);
  });
  try {
    return (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  } finally {
    clearInterval(looking);
  }
}

/** Its writers are told that nobody reads any more. */
export function letGo({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}
