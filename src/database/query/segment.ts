import { crc32 } from "node:zlib";
import type { RunHead } from "../../result/document/run.ts";
import type { RunNumbers, Shape } from "./numbers.ts";

/** A good file of a data branch and what it holds. */
export interface CachedFile {
  path: string;
  /** What the file was when it was read; another content has another one. */
  identity: string;
  /** One of a run document, many of a pack. */
  runs: RunNumbers[];
}

/**
 * A segment of the read cache: a line that says what follows and its checksum; JSON with the files, the heads of their runs
 * and the shapes of their numbers, each once; then all numbers, 8 bytes each in the order of the runs.
 */
interface Body {
  shapes: Shape[];
  files: { path: string; identity: string; runs: { head: RunHead; shape: number }[] }[];
}

const LINE_END = 0x0a;

/** @param reader who may read it: whatever decides what a document means */
export function encodeSegment(files: readonly CachedFile[], reader: string): Buffer {
  const shapes = new Map<string, { place: number; shape: Shape }>();
  const values: number[] = [];
  const storedRun = ({ shape, values: own, ...head }: RunNumbers) => {
    const key = JSON.stringify(shape);
    const known = shapes.get(key) ?? { place: shapes.size, shape };
    shapes.set(key, known);
    for (let i = 0; i < own.length; i++) values.push(own[i]!);
    return { head, shape: known.place };
  };
  const stored = files.map(({ path, identity, runs }) => ({ path, identity, runs: runs.map(storedRun) }));
  const body: Body = { shapes: [...shapes.values()].map(({ shape }) => shape), files: stored };
  const json = Buffer.from(JSON.stringify(body));
  const rest = Buffer.concat([json, Buffer.from(Float64Array.from(values).buffer)]);
  return Buffer.concat([Buffer.from(headLine(reader, json.length, rest)), rest]);
}

/** @returns null for one of another reader, and for one that is not as it was written */
export function decodeSegment(bytes: Buffer, reader: string): CachedFile[] | null {
  const end = bytes.indexOf(LINE_END);
  const [, , jsonLength] = bytes.toString("latin1", 0, Math.max(0, end)).split(" ");
  const rest = bytes.subarray(end + 1);
  const isIntact = bytes.toString("latin1", 0, end + 1) === headLine(reader, Number(jsonLength), rest);
  if (!isIntact) return null;
  const { shapes, files }: Body = JSON.parse(rest.toString("utf8", 0, Number(jsonLength)));
  // A copy: numbers of 8 bytes must begin at a multiple of 8.
  const values = new Float64Array(Uint8Array.from(rest.subarray(Number(jsonLength))).buffer);
  let next = 0;
  return files.map(({ path, identity, runs }) => ({
    path,
    identity,
    runs: runs.map(({ head, shape: place }) => {
      const shape = shapes[place]!;
      const own = values.subarray(next, next + shape.columns.length);
      next += own.length;
      return { ...head, shape, values: own };
    }),
  }));
}

/** The checksum is of the length, too: this line is made from what it says itself. */
function headLine(reader: string, jsonLength: number, rest: Buffer): string {
  return `pitwall.numbers/1 ${reader} ${jsonLength} ${rest.length} ${crc32(rest, crc32(String(jsonLength)))}\n`;
}
