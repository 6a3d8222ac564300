import { UsageError } from "../errors.ts";

export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw badValue(name, value, "a finite number above 0");
}

export function checkWhole(name: string, value: number, { min, max }: { min: number; max: number }): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw badValue(name, value, `a whole number from ${min} to ${max}`);
}

/** @param wanted ends the sentence “it must be …” */
export function badValue(name: string, value: number, wanted: string): UsageError {
  return new UsageError(`${name[0]!.toUpperCase()}${name.slice(1)} is ${value}; it must be ${wanted}.`);
}
