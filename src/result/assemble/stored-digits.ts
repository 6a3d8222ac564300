/**
 * Significant digits of a stored number. Its last one is ten microseconds in a latency of a second, and at most a thousandth
 * of a per cent of any number: a hundredth of the noise of a calm machine (0.1 %). The samples in the cells' files keep all
 * of theirs.
 */
const DIGITS = 6;

/** The same with every number in it at the precision of the store; what stands before the point stays whole. */
export function storedDigits<T>(value: T, digits = DIGITS): T {
  if (typeof value === "number") return rounded(value, digits) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => storedDigits(item, digits)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, storedDigits(item, digits)])) as T;
}

function rounded(value: number, digits: number): number {
  return Math.abs(value) >= 10 ** (digits - 1) ? Math.round(value) : Number(value.toPrecision(digits));
}
