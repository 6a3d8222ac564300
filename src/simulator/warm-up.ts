import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { assembleServer } from "./assemble.ts";
import type { Clock } from "./engine/clock.ts";
import type { SimulatorOptions } from "./options.ts";

/** Enough for V8 to have compiled what a request runs through: 0.3 s on one core. */
const CONNECTIONS = 32;
const REQUESTS_EACH = 30;
const OUTPUT_TOKENS = 16;
const INPUT_TOKENS = 100;
/** Not the user's, whose name may be in any script. */
const MODEL = "sim/warm-up";
const END = "\r\n0\r\n\r\n";

/**
 * Answers some requests of its own, on a port of its own and by an engine of its own, so that the code is compiled before
 * the first one that counts: cold, 64 requests sent at once are read within 3 ms.
 */
export async function warmUp(options: SimulatorOptions, clock: Clock): Promise<void> {
  const paced = options.fixedTtft === undefined ? {} : { fixedTtft: 0, fixedItl: 1 };
  const plain = {
    model: MODEL,
    preset: "tiny" as const,
    timing: undefined,
    answers: undefined,
    apiKey: undefined,
    reasoning: false,
    maxModelLen: 4096,
    kvCacheTokens: undefined,
    maxNumSeqs: CONNECTIONS,
    noise: 0,
    failEvery: undefined,
    fault: [] as SimulatorOptions["fault"],
    neverHealthy: false,
  };
  const server = await assembleServer(
    { ...options, ...plain, ...paced },
    { clock, truth: null, onCompleted: () => {} },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const request = requestOf(MODEL);
  await Promise.all(Array.from({ length: CONNECTIONS }, () => askRepeatedly(connect(port, "127.0.0.1"), request)));
  server.close();
}

async function askRepeatedly(socket: Socket, request: string): Promise<void> {
  let left = REQUESTS_EACH;
  // An end can come in two reads, and one that is missed would be waited for for ever.
  let tail = "";
  socket.setEncoding("latin1").write(request);
  for await (const text of socket) {
    tail = (tail + text).slice(-END.length);
    if (tail !== END) continue;
    tail = "";
    left -= 1;
    if (left === 0) break;
    socket.write(request);
  }
}

/** @param model in ASCII */
function requestOf(model: string): string {
  const prompt = Array.from({ length: INPUT_TOKENS }, (_, index) => index);
  const body = JSON.stringify({
    model,
    prompt,
    max_tokens: OUTPUT_TOKENS,
    stream: true,
    ignore_eos: true,
    stream_options: { include_usage: true },
  });
  return `POST /v1/completions HTTP/1.1\r\nHost: simulated\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
