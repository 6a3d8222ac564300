/**
 * One line as RFC 4180 has it, with LF; null and undefined are empty. A semicolon is quoted, too: in many locales a
 * spreadsheet splits there. A text that a spreadsheet would calculate has an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection); numbers are as they are.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => quoted(isFormula(value) ? `'${value}` : String(value ?? ""))).join(",")}\n`;
}

const isFormula = (value: unknown): boolean =>
  typeof value === "string" && /^[=+\-@\t\r\n＝＋－＠]/.test(value) && !Number.isFinite(Number(value));

const quoted = (text: string) => (/[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
