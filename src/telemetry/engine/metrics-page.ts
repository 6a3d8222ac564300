import type { Agent } from "undici";
import { EngineReader, type EngineReading } from "./reading.ts";

type Answer =
  | { kind: "reading"; reading: EngineReading }
  /** The server has no such page, and will have none later. */
  | { kind: "no-metrics" }
  | { kind: "no-answer" };

/** 300 times what vLLM 0.32 sends; more is no page of metrics. */
const LARGEST_PAGE = 16 * 1024 * 1024;

/** An engine's `/metrics`, read over one connection that is kept open. Never throws. */
export class MetricsPage {
  readonly #url: string;
  #agent: Promise<Agent> | undefined;

  constructor(baseUrl: string) {
    this.#url = `${baseUrl}/metrics`;
  }

  async read(signal: AbortSignal): Promise<Answer> {
    try {
      // Loaded here, because it costs a third of the command line's start-up.
      const { request } = await import("undici");
      this.#agent ??= newAgent();
      const { statusCode, body } = await request(this.#url, { dispatcher: await this.#agent, signal });
      const reader = new EngineReader();
      for await (const piece of body) reader.push(piece);
      if (statusCode >= 500 && statusCode !== 501) return { kind: "no-answer" };
      const reading = statusCode === 200 ? reader.end() : undefined;
      return reading === undefined ? { kind: "no-metrics" } : { kind: "reading", reading };
    } catch {
      // Refused, reset, late or too long: a sample less. Whether the engine lives is for others to watch.
      return { kind: "no-answer" };
    }
  }

  async close(): Promise<void> {
    await this.#agent?.then((agent) => agent.destroy()).catch(() => undefined);
  }
}

/** Our own, because Node's default agent may follow HTTP_PROXY, and no proxy knows our loopback. */
async function newAgent(): Promise<Agent> {
  const { Agent } = await import("undici");
  // Below the 5 s after which uvicorn closes an idle connection.
  return new Agent({
    connections: 1,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    maxResponseSize: LARGEST_PAGE,
  });
}
