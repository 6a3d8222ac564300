import type { ServerResponse } from "node:http";

/** Where the events of one streamed answer go. */
export interface EventSink {
  /** @param tokens how many tokens the text carries */
  send(text: string, tokens: number): void;
  /** The last of it. */
  end(text: string, tokens: number): void;
  /** Breaks off: what was sent arrives, then the connection closes in mid-answer. */
  cut(): void;
}

export interface SocketSink extends EventSink {
  /** A piece of a text. @param tokens that begin with it */
  sendBytes(bytes: Buffer, tokens: number): void;
  /** Does beforehand what can be done for a text that will be sent. */
  prepare(text: string): void;
}

/**
 * Straight to the socket: one system call an event, where ServerResponse.write would make a list of three buffers of it.
 * The response's headers must have been flushed. @param onWrite called immediately before a write
 */
export function socketSink(response: ServerResponse, onWrite: (tokens: number) => void): SocketSink {
  let ahead: { text: string; chunk: Chunk } | undefined;
  return {
    send(text, tokens) {
      const chunk = ahead?.text === text ? ahead.chunk : chunkOf(text);
      onWrite(tokens);
      const { socket } = response;
      // Without a socket it is a pipelined answer whose turn has not come; without chunks it is HTTP 1.0.
      if (socket === null || !response.chunkedEncoding) response.write(text);
      else if (!socket.destroyed) socket.write(chunk.frame, chunk.encoding);
    },
    prepare(text) {
      ahead = { text, chunk: chunkOf(text) };
    },
    sendBytes(bytes, tokens) {
      onWrite(tokens);
      response.write(bytes);
    },
    end(text, tokens) {
      onWrite(tokens);
      response.end(text);
    },
    cut() {
      response.socket?.destroySoon();
    },
  };
}

interface Chunk {
  frame: string;
  encoding: "latin1" | "utf8";
}

/** A chunk of HTTP's chunked transfer coding (RFC 9112, 7.1). */
function chunkOf(text: string): Chunk {
  const bytes = Buffer.byteLength(text);
  // What is ASCII is latin1 as well, which costs no conversion.
  return { frame: `${bytes.toString(16)}\r\n${text}\r\n`, encoding: bytes === text.length ? "latin1" : "utf8" };
}
