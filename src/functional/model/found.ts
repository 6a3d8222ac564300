import { pathText } from "../../mistakes.ts";
import { Deviation } from "./case.ts";

const SHOWN = 80;

/** A value in an answer and its place there, so that whatever is wrong with it is told with its JSON path. */
export class Found {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = "$") {
    this.value = value;
    this.path = path;
  }

  /** What lies there; undefined as a value where nothing does. */
  at(...keys: readonly (string | number)[]): Found {
    const value = keys.reduce<unknown>((outer, key) => (outer as Record<string, unknown> | null)?.[key], this.value);
    const [first] = keys;
    const step = pathText(keys);
    return new Found(value, typeof first === "number" ? `${this.path}${step}` : `${this.path}.${step}`);
  }

  /** @throws Deviation always */
  wrong(words: string): never {
    throw new Deviation(
      this.value === undefined ? `${words}, but is missing` : `${words}, but is ${this.shown()}`,
      this.path,
    );
  }

  shown(): string {
    const text = JSON.stringify(this.value) ?? "missing";
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.wrong("must be text");
  }

  filledText(): string {
    return this.text() === "" ? this.wrong("must be a text that is not empty") : (this.value as string);
  }

  number(): number {
    return typeof this.value === "number" ? this.value : this.wrong("must be a number");
  }

  integer(least = 0): number {
    return Number.isInteger(this.value) && (this.value as number) >= least
      ? (this.value as number)
      : this.wrong(`must be a whole number from ${least} on`);
  }

  /** Its entries, each at its place. */
  list(): Found[] {
    if (!Array.isArray(this.value)) return this.wrong("must be a list");
    return this.value.map((_, index) => this.at(index));
  }

  /** @returns its only entries */
  listOf(length: number): Found[] {
    const entries = this.list();
    return entries.length === length ? entries : this.wrong(`must have ${length} entries`);
  }

  object(): this {
    const isMap = typeof this.value === "object" && this.value !== null && !Array.isArray(this.value);
    return isMap ? this : this.wrong("must be an object");
  }

  is(wanted: unknown): void {
    if (this.value !== wanted) this.wrong(`must be ${JSON.stringify(wanted)}`);
  }

  oneOf(wanted: readonly unknown[]): void {
    if (!wanted.includes(this.value))
      this.wrong(`must be one of ${wanted.map((one) => JSON.stringify(one)).join(", ")}`);
  }

  /** Nothing, null or an empty list: servers write what is not there in all three ways. */
  isNothing(): boolean {
    return this.value === undefined || this.value === null || (Array.isArray(this.value) && this.value.length === 0);
  }

  nothing(): void {
    if (!this.isNothing()) this.wrong("must be absent");
  }
}
