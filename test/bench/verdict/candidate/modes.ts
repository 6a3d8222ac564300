interface Mode {
  center: number;
  deviation: number;
  /** Numbers that it rests on, at most {@link MOST_WEIGHT}. */
  weight: number;
}

const KEPT = 4;
const MOST_WEIGHT = 60;
const MOST_NEW_WEIGHT = 20;
/** Levels nearer than this part of themselves are the same one. */
const SAME = 0.01;
/** Changes of level from which on one that comes back is a mode: there, back, and there again. */
const SWITCHES = 3;

/** Levels that a series had: one that changes between the same few is not getting worse each time. */
export class Modes {
  #modes: Mode[] = [];
  #switches = 0;

  /** The series left a level. */
  leave({ center, deviation, count }: { center: number; deviation: number; count: number }): void {
    this.#switches++;
    const weight = Math.min(count, MOST_NEW_WEIGHT);
    const known = this.#modes.find(
      (mode) => Math.abs(mode.center - center) < Math.max(SAME * Math.abs(center), mode.deviation, deviation),
    );
    if (known === undefined) this.#modes = [...this.#modes, { center, deviation, weight }].slice(-KEPT);
    else {
      known.center = (known.center * known.weight + center * weight) / (known.weight + weight);
      known.weight = Math.min(MOST_WEIGHT, known.weight + weight);
    }
  }

  /** Whether a level of a few numbers is one that was there before. @param distance from the level that was left */
  isOne(
    center: number,
    { deviation, count, distance }: { deviation: number; count: number; distance: number },
  ): boolean {
    if (this.#switches < SWITCHES) return false;
    const tolerance = Math.max(SAME * Math.abs(center), 3 * deviation * Math.sqrt(1 / count + 0.1));
    return this.#modes.some((mode) => Math.abs(mode.center - center) < Math.min(tolerance, 0.35 * distance));
  }
}
