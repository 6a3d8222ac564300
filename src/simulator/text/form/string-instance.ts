import { NoInstance } from "./no-instance.ts";
import { textOfPattern } from "./pattern-text.ts";

/** One text for each format of JSON Schema that validators know. */
const FORMATS: Record<string, string> = {
  "date-time": "2026-01-01T00:00:00Z",
  date: "2026-01-01",
  time: "00:00:00Z",
  duration: "P1D",
  email: "simulated@example.org",
  hostname: "example.org",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.org/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** Longer texts are not made. */
const LONGEST = 10_000;

/** A text for a schema. @param number of texts before it that it must differ from; @throws NoInstance */
export function textFor(schema: Record<string, unknown>, number: number): string {
  const [least, most] = [Number(schema.minLength ?? 0), Number(schema.maxLength ?? LONGEST)];
  if (least > LONGEST) throw new NoInstance(`a text of ${least} characters`);
  if (typeof schema.pattern === "string") return fitting(textOfPattern(schema.pattern), least, most);
  if (typeof schema.format === "string" && FORMATS[schema.format] !== undefined) {
    return fitting(FORMATS[schema.format] as string, least, most);
  }
  const plain = (number === 0 ? "simulated" : `simulated${number}`).padEnd(least, "a");
  return plain.length <= most ? plain : plain.slice(plain.length - most);
}

function fitting(text: string, least: number, most: number): string {
  if (text.length >= least && text.length <= most) return text;
  throw new NoInstance(`“${text}” made between ${least} and ${most} characters long`);
}
