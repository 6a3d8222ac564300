import { type Choice, type Piece, pieceOf } from "./piece.ts";
import { TokenLog } from "./token-log.ts";

interface Ending {
  at: number;
  piece: Piece;
}

/**
 * Which events of an answer are token events, and how many tokens each held. The definition, which docs/metrics.md gives
 * in words:
 * - an event with content is one;
 * - the first event of a chat without any, before any token, opens the answer and is none;
 * - a later one, and any empty text of a completion, is one: random tokens often decode to none;
 * - without content but with the finish reason or usage it is one only if the engine counted a token more than came.
 *   Where it counted several more, engines put several tokens into one event: then an empty text is the last of them
 *   (vLLM), and nothing at all is none, nor is the one event that told a count (llama.cpp, whose bytes of one character
 *   come together);
 * - after the finish reason nothing without content is one.
 */
export class TokenEvents {
  readonly log: TokenLog;
  /** Tokens of the events in the log. */
  #logged = 0;
  /** Every event in the log came with a count. */
  #areCounted = true;
  #hasOpened = false;
  #hasEnded = false;
  /** The event with the finish reason, as long as nobody knows whether it is a token. */
  #ending: Ending | undefined;

  /** @param expected events, usually the tokens asked for; more are taken as well */
  constructor(expected: number) {
    this.log = new TokenLog(expected);
  }

  /** @param counted tokens of the answer up to here, where the event itself tells */
  take(choice: Choice, at: number, counted: number | undefined): void {
    const piece = pieceOf(choice);
    const ends = Boolean(choice.finish_reason);
    if (piece === "content") this.takeContent(at, counted);
    else if (!this.#isOpening(choice, ends) && !this.#hasEnded) this.#takeBare({ at, piece }, ends, counted);
    this.#hasEnded ||= ends;
  }

  takeContent(at: number, counted: number | undefined): void {
    this.#add(at, counted);
    // What came before the last token was not the end.
    this.#ending = undefined;
  }

  /** Call it when the answer has ended, before anything is read of the log. @param outputTokens undefined: never told */
  settle(outputTokens: number | undefined): void {
    const ending = this.#ending;
    this.#ending = undefined;
    if (ending !== undefined && outputTokens !== undefined) this.#addIfMissing(ending, outputTokens, false);
    if (!this.#areCounted || this.#logged !== outputTokens) this.log.forgetTokens();
  }

  #isOpening({ text }: Choice, ends: boolean): boolean {
    if (this.#hasOpened || ends || this.log.count > 0 || typeof text === "string") return false;
    this.#hasOpened = true;
    return true;
  }

  #takeBare(event: Ending, ends: boolean, counted: number | undefined): void {
    if (counted !== undefined) this.#addIfMissing(event, counted, true);
    else if (ends) this.#ending = event;
    else this.#add(event.at, undefined);
  }

  /** @param counted as of this event, or of the whole answer when it is the last; `isOwn`: the event itself told it */
  #addIfMissing({ at, piece }: Ending, counted: number, isOwn: boolean): void {
    const missing = counted - this.#logged;
    const isAfterCounted = this.#areCounted && this.log.count > 0;
    const isOnlyCount = isOwn && !this.#areCounted;
    if (missing !== 1 && !(missing > 1 && (isAfterCounted || (piece === "empty" && !isOnlyCount)))) return;
    this.#add(at, isAfterCounted || isOwn ? counted : undefined);
  }

  #add(at: number, counted: number | undefined): void {
    this.#areCounted &&= counted !== undefined;
    // Against what was logged, not against the event before: the one that opens a chat may count a token already.
    const tokens = counted === undefined ? 1 : Math.max(0, counted - this.#logged);
    this.log.add(at, this.#areCounted ? tokens : 1);
    this.#logged += tokens;
  }
}
