/** The measured part of a cell, in ms on the monotonic clock. */
export interface Window {
  fromMs: number;
  toMs: number;
}
