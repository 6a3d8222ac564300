/** One line as RFC 4180 has it, with LF; null and undefined are empty. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => quoted(String(value ?? ""))).join(",")}\n`;
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
