import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { constants, crc32, createGunzip, createGzip } from "node:zlib";
import { messageOf, UserError } from "../../errors.ts";

/** GitHub warns above 50 MiB a file and refuses 100. */
export const LARGEST_PACK_MIB = 50;
/**
 * Most bytes of documents that unpack from one file: what a reader holds in memory at once. Nights with 372 numbers pack to a quarter, so
 * it is more than the largest pack has; and counting so far takes less than a second.
 */
export const LARGEST_UNPACKED_MIB = 256;
const MIB = 2 ** 20;
const PIECE = MIB;
/** RFC 1952: no flags, no time, best compression, no system; so that nothing but the documents decides the bytes. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
const LINE_END = 0x0a;

/**
 * A document as one line of JSON lines, from which its text comes back byte for byte: its line ends become tabs, which JSON
 * takes for space between words as well and which stand nowhere else in it, for inside a string they are written `\t`.
 * @returns null for a text that would not come back: with tabs or line ends of Windows, or without a line end of its own
 */
export function packLine(text: string): string | null {
  if (/[\t\r]/.test(text) || !text.endsWith("\n")) return null;
  return text.slice(0, -1).replaceAll("\n", "\t");
}

export function unpackLine(line: string): string {
  return `${line.replaceAll("\t", "\n")}\n`;
}

/**
 * @param lines as {@link packLine} makes them
 * @throws UserError for more than a pack may hold; the signal's reason when it aborts
 */
export async function packLines(lines: readonly string[], signal?: AbortSignal): Promise<Buffer> {
  const bytes = Buffer.concat(lines.map((line) => Buffer.from(`${line}\n`)));
  checkMib(bytes.length, LARGEST_UNPACKED_MIB, "unpacked");
  const packed = await zip(bytes, signal);
  GZIP_HEADER.copy(packed);
  checkMib(packed.length, LARGEST_PACK_MIB, "packed");
  return packed;
}

/** In pieces, between which it can be ended. */
async function zip(bytes: Buffer, signal: AbortSignal | undefined): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, i) =>
    bytes.subarray(i * PIECE, (i + 1) * PIECE),
  );
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  try {
    const zipped = pipeline(Readable.from(pieces), gzip, ...(signal === undefined ? [] : [{ signal }]));
    const [packed] = await Promise.all([buffer(gzip), zipped]);
    return packed;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function checkMib(bytes: number, most: number, how: string): void {
  if (bytes <= most * MIB) return;
  throw new UserError(`would be ${mibText(bytes)} ${how}, ${tooMuch(most)}`);
}

export interface Unpacked {
  /** Whole lines, as bytes without their ends; those before the damage where there is some. */
  lines: Buffer[];
  /** What is wrong with the file as such, as in `is cut off`; null when nothing is. */
  damage: string | null;
}

/**
 * Reads as much of a pack as can be read; nothing of one that is larger than a pack may be, by what it says of itself or by
 * what comes out of it.
 * @param mostMib of documents
 */
export async function unpackLines(packed: Buffer, mostMib = LARGEST_UNPACKED_MIB): Promise<Unpacked> {
  const declared = declaredSize(packed);
  if (declared > mostMib * MIB) {
    return { lines: [], damage: `says that it unpacks to ${mibText(declared)}, ${tooMuch(mostMib)}, or it is cut off` };
  }
  const whole = await unzip(packed, { chunkSize: 64 * 1024, mostMib });
  if (whole.isTooLarge) return { lines: [], damage: `unpacks to ${tooMuch(mostMib)}` };
  // What zlib made of the last chunk before an error is lost.
  const { bytes, damage } = whole.damage === null ? whole : await unzip(packed, { chunkSize: 256, mostMib });
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (damage !== null || start === bytes.length) return { lines, damage };
  return { lines, damage: "ends in the middle of a document" };
}

/** The most that deflate compresses, whatever is packed (zlib's technical notes). */
const HIGHEST_RATIO = 1032;

/** What a gzip file says of its size at its end (RFC 1952); 0 where that cannot be, as in one that was cut off. */
function declaredSize(packed: Buffer): number {
  if (packed.length < GZIP_HEADER.length + 8) return 0;
  const declared = packed.readUInt32LE(packed.length - 4);
  return declared <= packed.length * HIGHEST_RATIO ? declared : 0;
}

const mibText = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
const tooMuch = (mostMib: number) => `more than a pack may have (${mostMib} MiB)`;

interface Unzipped {
  bytes: Buffer;
  damage: string | null;
  isTooLarge: boolean;
}

function unzip(packed: Buffer, { chunkSize, mostMib }: { chunkSize: number; mostMib: number }): Promise<Unzipped> {
  // With a plain flush zlib hands over what it has when the file is cut off, where its own end would be an error.
  const gunzip = createGunzip({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const end = (damage: string | null) => resolve({ bytes: Buffer.concat(chunks), damage, isTooLarge: false });
    gunzip.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= mostMib * MIB) return;
      gunzip.destroy();
      resolve({ bytes: Buffer.alloc(0), damage: null, isTooLarge: true });
    });
    gunzip.on("error", (error) => end(`is not a sound gzip file: ${messageOf(error)}`));
    gunzip.on("end", () => {
      const isWhole = hasTrailer(packed, size, chunks);
      end(isWhole ? null : "is cut off, or something follows its end");
    });
    gunzip.end(packed);
  });
}

/** RFC 1952: a gzip file ends with checksum and size of what it holds. */
function hasTrailer(packed: Buffer, size: number, chunks: readonly Buffer[]): boolean {
  if (packed.length < GZIP_HEADER.length + 8) return false;
  const sum = chunks.reduce((before, chunk) => crc32(chunk, before), 0);
  return packed.readUInt32LE(packed.length - 8) === sum && packed.readUInt32LE(packed.length - 4) === size % 2 ** 32;
}
