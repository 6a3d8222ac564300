/** Made once, when it is needed: making a formatter takes 4 ms, a hundred times what formatting does. */
const formats = new Map<number, Intl.NumberFormat>();

function formatOf(digits: number): Intl.NumberFormat {
  const known = formats.get(digits);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(digits, format);
  return format;
}

const COUNTED = new Set(["requests", "instances", "blocks", "samples", "cases"]);

/** A number with the digits that its unit deserves: `1.3635` and `41.36` (s), `36.92` (ms), `4,909.60` (tok/s), `2,250` (requests). */
export function formatInUnit(value: number, unit: string): string {
  // The fourth place of tens of seconds is noise; of a ratio or a share it tells a thousandth of it.
  const digits =
    (unit === "s" && Math.abs(value) < 10) || unit === "×" || unit === "of 1" ? 4 : COUNTED.has(unit) ? 0 : 2;
  return formatOf(digits).format(value);
}
