/** How the body of an answer ends (RFC 9112, section 6.3). */
type Framing = { kind: "none" | "chunked" | "until-close" } | { kind: "length"; length: number };

/** How long a connection may go on, as the server announced it; Infinity where it named no number. */
export interface KeepAlive {
  idleMs: number;
  /** Requests that it takes after this one. */
  requests: number;
}

export interface ResponseHead {
  status: number;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  framing: Framing;
  /** null: the connection carries nothing after this answer. */
  keepAlive: KeepAlive | null;
}

/**
 * @param head all lines up to the empty one
 * @returns undefined for an interim answer such as 100 Continue: the real one follows
 * @throws Error when it is no head of HTTP/1.1
 */
export function parseHead(head: string): ResponseHead | undefined {
  const [first, ...lines] = head.trimEnd().split(/\r?\n/);
  const match = /^HTTP\/1\.([01]) (\d{3})/.exec(first!);
  if (match === null) throw new Error(`the server does not speak HTTP/1.1: ${JSON.stringify(first!.slice(0, 80))}`);
  const status = Number(match[2]);
  if (status < 200) return undefined;
  const headers = headersOf(lines);
  const framing = framingOf(status, headers);
  const isKept = framing.kind !== "until-close" && keepsConnection(match[1] === "1", headers.get("connection"));
  return {
    status,
    contentType: headers.get("content-type"),
    contentEncoding: headers.get("content-encoding"),
    framing,
    keepAlive: isKept ? keepAliveOf(headers.get("keep-alive")) : null,
  };
}

/** A header that comes several times is one list (RFC 9110, section 5.2). */
function headersOf(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

function framingOf(status: number, headers: Map<string, string>): Framing {
  if (status === 204 || status === 304) return { kind: "none" };
  if (headers.get("transfer-encoding")?.toLowerCase().endsWith("chunked")) return { kind: "chunked" };
  const length = headers.get("content-length");
  if (length === undefined) return { kind: "until-close" };
  // The same length said twice is one.
  const digits = /^(\d+)(?:\s*,\s*\1)*$/.exec(length)?.[1];
  if (digits === undefined || !Number.isSafeInteger(Number(digits)))
    throw new Error(`the server sent a content-length of ${JSON.stringify(length.slice(0, 80))}`);
  return digits === "0" ? { kind: "none" } : { kind: "length", length: Number(digits) };
}

function keepsConnection(isHttp11: boolean, connection = ""): boolean {
  const options = connection
    .toLowerCase()
    .split(",")
    .map((option) => option.trim());
  return !options.includes("close") && (isHttp11 || options.includes("keep-alive"));
}

/** @param header such as `timeout=5, max=100`: seconds, and the requests that are left or that there are in all */
function keepAliveOf(header = ""): KeepAlive {
  const numberOf = (name: string) => {
    const digits = new RegExp(`(?:^|[\\s,;])${name}\\s*=\\s*"?(\\d+)`, "i").exec(header)?.[1];
    return digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
  };
  return { idleMs: 1000 * numberOf("timeout"), requests: numberOf("max") };
}
