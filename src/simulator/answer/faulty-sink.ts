import type { Faults } from "../faults/faults.ts";
import type { EventSink, SocketSink } from "./event-sink.ts";

const PIECE_GAP_MS = 1;

/** The same sink with everything that is to go wrong on the way to the socket; the layer made last acts first. */
export function faultySink(sink: SocketSink, { split, stall, merge, pings, crlf }: Faults): EventSink {
  let faulty: EventSink = split ? splitting(sink) : sink;
  if (stall !== undefined) faulty = stalling(faulty, stall);
  if (merge !== undefined) faulty = merging(faulty, merge);
  if (crlf) faulty = rewriting(faulty, (text) => text.replaceAll("\n", "\r\n"));
  if (pings) faulty = rewriting(faulty, (text) => text.replaceAll("data: ", ": ping - simulated\n\ndata: "));
  return faulty;
}

function rewriting(sink: EventSink, rewrite: (text: string) => string): EventSink {
  return {
    send: (text, tokens) => sink.send(rewrite(text), tokens),
    end: (text, tokens) => sink.end(rewrite(text), tokens),
    cut: () => sink.cut(),
  };
}

function merging(sink: EventSink, most: number): EventSink {
  let text = "";
  let tokens = 0;
  const take = (more: string, count: number): [string, number] => {
    const all: [string, number] = [text + more, tokens + count];
    [text, tokens] = ["", 0];
    return all;
  };
  return {
    send(more, count) {
      if (tokens + count >= most) sink.send(...take(more, count));
      else [text, tokens] = [text + more, tokens + count];
    },
    end: (more, count) => sink.end(...take(more, count)),
    cut() {
      if (text !== "") sink.send(...take("", 0));
      sink.cut();
    },
  };
}

function stalling(sink: EventSink, { seconds, afterTokens }: NonNullable<Faults["stall"]>): EventSink {
  let sent = 0;
  let held: (() => void)[] | null = afterTokens === 0 ? hold() : null;
  let stalled = held !== null;
  function hold(): (() => void)[] {
    if (seconds < Number.POSITIVE_INFINITY) setTimeout(release, seconds * 1000);
    return [];
  }
  function release(): void {
    const late = held ?? [];
    held = null;
    for (const go of late) go();
  }
  const inOrder = (go: () => void) => {
    if (held === null) go();
    else held.push(go);
  };
  return {
    send(text, tokens) {
      inOrder(() => sink.send(text, tokens));
      sent += tokens;
      if (stalled || sent < afterTokens) return;
      stalled = true;
      held = hold();
    },
    end: (text, tokens) => inOrder(() => sink.end(text, tokens)),
    cut: () => inOrder(() => sink.cut()),
  };
}

/** Thirds of each event, with a pause between them; a cut that would fall between characters is moved into one. */
function splitting(sink: SocketSink): EventSink {
  const queue: (() => void)[] = [];
  let busy = false;
  const next = () => {
    queue.shift()?.();
    busy = queue.length > 0;
    if (busy) setTimeout(next, PIECE_GAP_MS);
  };
  const add = (...pieces: (() => void)[]) => {
    queue.push(...pieces);
    if (!busy) setImmediate(next);
    busy = true;
  };
  const writeInPieces = (text: string, tokens: number) =>
    add(...piecesOf(Buffer.from(text)).map((bytes, i) => () => sink.sendBytes(bytes, i === 0 ? tokens : 0)));
  return {
    send: writeInPieces,
    end(text, tokens) {
      writeInPieces(text, tokens);
      add(() => sink.end("", 0));
    },
    cut: () => add(() => sink.cut()),
  };
}

/** @returns three pieces, the first cut inside the first character of several bytes if there is one */
export function piecesOf(bytes: Buffer): Buffer[] {
  const wide = bytes.findIndex((byte) => byte >= 0xc0);
  const first = wide === -1 ? Math.ceil(bytes.length / 3) : wide + 1;
  const second = Math.ceil((first + bytes.length) / 2);
  return [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
}
