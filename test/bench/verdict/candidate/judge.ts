import { type Better, type Listener, type Said, worseIs } from "../said.ts";
import { BEFORE, NEWEST, type Shift, SMALLEST, shiftIn } from "./evidence.ts";
import { type Level, levelOf, middle } from "./level.ts";
import { Modes } from "./modes.ts";
import { Persistence } from "./persistence.ts";

/** A loss that stands. */
interface Loss {
  /** The level before it. */
  before: Level;
  persistence: number;
  /** The level that it went to. */
  center: number;
  direction: 1 | -1;
  /** How much more likely the newest numbers are at the level before, as a logarithm; never below 0. */
  back: number;
}

/** A number alone never ends a loss, nor two that are uncertain. */
const MOST_OF_ONE = 4;
const ENDS_A_LOSS = 8;
/** A loss whose numbers are less than this part of it away from the level before was none. */
const KEPT_PART = 0.6;
/** Numbers from which on a gain is the level. */
const GAIN_IS_LEVEL = 5;

/** A level of as many numbers is looked at roughly, anew after so many, and without the newest, which may be of another. */
const ROUGH_FROM = 20;
const ROUGH_FOR = 20;
const NOT_YET = 5;

export const candidate = (better: Better): Listener => {
  const judge = new SeriesJudge(better);
  return (value) => judge.hear(value);
};

/** Judges the numbers of a series as they come. */
class SeriesJudge {
  #better: Better;
  /** Newest numbers of the level that the series is at. */
  #numbers: number[] = [];
  #persistence = new Persistence();
  #modes = new Modes();
  #loss: Loss | undefined;
  #heard = 0;
  #rough: { level: Level; at: number } | undefined;
  #said: Said = { state: "calm", isOnset: false, since: 0, size: 0 };

  constructor(better: Better) {
    this.#better = better;
  }

  hear(value: number): Said {
    this.#numbers.push(value);
    if (this.#numbers.length > BEFORE + NEWEST) this.#numbers.shift();
    this.#heard++;
    this.#lookRoughly();
    this.#persistence.hear(this.#numbers, this.#rough?.level);
    const shift = shiftIn(this.#numbers, (level) => this.#persistence.at(level), this.#rough?.level);
    if (shift !== undefined) this.#said = this.#change(shift);
    else if (this.#loss !== undefined)
      this.#said = this.#isBack(this.#loss) ? this.#recover(this.#loss) : this.#goesOn();
    else if (this.#said.state === "better" && this.#numbers.length < GAIN_IS_LEVEL) this.#said = this.#goesOn();
    else this.#said = this.#calm();
    return this.#said;
  }

  #lookRoughly(): void {
    if (this.#numbers.length < ROUGH_FROM) this.#rough = undefined;
    else if (this.#rough === undefined || this.#heard - this.#rough.at >= ROUGH_FOR) {
      this.#rough = { level: levelOf(this.#numbers.slice(-BEFORE - NOT_YET, -NOT_YET)), at: this.#heard };
    }
  }

  #goesOn = (): Said => ({ state: this.#said.state, isOnset: false, since: this.#said.since, size: this.#said.size });
  #calm = (turned?: "up" | "down"): Said => ({
    ...{ state: "calm", isOnset: false, since: this.#heard - 1, size: 0 },
    ...(turned === undefined ? {} : { turned }),
  });

  #change({ count, size, before, persistence }: Shift): Said {
    const loss = this.#loss;
    const center = before.center + size;
    this.#modes.leave(before);
    this.#numbers = this.#numbers.slice(-count);
    this.#loss = undefined;
    const turned = size > 0 ? "up" : "down";
    if (loss !== undefined && isNear(center, loss.before.center, before.center)) return this.#calm(turned);
    if (this.#modes.isOne(center, { deviation: before.deviation, count, distance: Math.abs(size) }))
      return this.#calm(turned);
    const state = worseIs(this.#better, size > 0);
    if (state === "worse") {
      const level = loss?.before ?? before;
      this.#loss = { before: level, persistence, center, direction: size > 0 ? 1 : -1, back: 0 };
    }
    return { state, isOnset: true, since: this.#heard - count, size: Math.abs(size / before.center) };
  }

  /** The same evidence that would begin a change ends one; a loss that its own numbers do not bear out ends, too. */
  #isBack(loss: Loss): boolean {
    const { before, center, direction } = loss;
    const newest = this.#numbers.at(-1)!;
    const distance = Math.abs(center - before.center);
    const away = (number: number) => direction * (number - before.center);
    const isUnfounded = this.#numbers.length >= 4 && away(middle(this.#numbers)) < KEPT_PART * distance;
    if (isUnfounded && away(newest) < distance / 2) return true;
    const deviation = Math.max(direction > 0 ? before.above : before.below, 0.3 * distance) || Number.MIN_VALUE;
    const likelier = ((newest - center) ** 2 - (newest - before.center) ** 2) / (2 * deviation ** 2);
    const counted = Math.max(-MOST_OF_ONE, Math.min(MOST_OF_ONE, (1 - loss.persistence) * likelier));
    loss.back = Math.max(0, loss.back + counted);
    return loss.back >= ENDS_A_LOSS;
  }

  #recover({ before, direction }: Loss): Said {
    const own = this.#numbers.slice(0, -2);
    if (own.length > 0) this.#modes.leave({ center: middle(own), deviation: before.deviation, count: own.length });
    this.#numbers = this.#numbers.slice(-2);
    this.#loss = undefined;
    return this.#calm(direction > 0 ? "down" : "up");
  }
}

/** Whether a level is the one before a loss again, and not a part of the way back. */
const isNear = (center: number, before: number, lost: number) =>
  Math.abs(center - before) < Math.max(SMALLEST * Math.abs(before), 0.4 * Math.abs(lost - before));
