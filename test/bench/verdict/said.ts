/** What a rule says of a series once a number has come. */
export interface Said {
  state: "calm" | "worse" | "better";
  /** It began to say so with this number. */
  isOnset: boolean;
  /** Place of the first number of what it says; that of the number itself where a rule does not look back. */
  since: number;
  /** How much it says the level changed: 0.05 is 5 %, up or down. */
  size: number;
  /** A loss ended, or a mode that was seen before came back: told as well, but no alarm. */
  turned?: "up" | "down";
}

export type Better = "higher" | "lower";

/** Hears a series number by number. */
export type Listener = (value: number) => Said;
export type SeriesRule = (better: Better) => Listener;

export const worseIs = (better: Better, isUp: boolean): Said["state"] =>
  isUp === (better === "lower") ? "worse" : "better";
