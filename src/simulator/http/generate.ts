import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { monotonicMs } from "../../time/monotonic.ts";
import { answerRequest } from "../answer/answer.ts";
import { TruthRecord } from "../answer/truth-log.ts";
import { type Faults, faultsOf } from "../faults/faults.ts";
import { failsOnPurpose, purposefulError } from "../faults/test-aids.ts";
import { ApiError } from "../request/api-error.ts";
import { parseGenerationRequest } from "../request/api-request.ts";
import type { Endpoint } from "../request/generation.ts";
import { type Handler, readJson } from "./http-messages.ts";
import type { SimulatedServer } from "./simulated-server.ts";

/** The handlers of the endpoints that generate, and how many requests they have in hand. */
export function generationHandlers(simulated: SimulatedServer, server: Server) {
  const { engine, model, aids, faultPlan, truth, onCompleted } = simulated;
  let received = 0;
  let completed = 0;
  let underWay = 0;
  let lastTurn: Promise<unknown> = Promise.resolve();
  /** One request a turn of the event loop: what came in meanwhile is read first, for read is what the truth log calls accepted. */
  const ownTurn = () => {
    lastTurn = lastTurn.then(() => turn());
    return lastTurn;
  };

  async function generate(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readJson(request);
    received += 1;
    // Its own: others are counted before its turn comes.
    const number = received;
    const record = new TruthRecord(requestId(request, number), monotonicMs());
    truth?.begin(record);
    await ownTurn();
    try {
      if (failsOnPurpose(aids, number)) throw purposefulError(aids);
      const faults = faultsOf(faultPlan, number, headerOf(request, "x-pitwall-fault"));
      if (refusesToAnswer(faults, record, response, server)) return;
      const generation = parseGenerationRequest(endpoint, text, model, faults.split === true);
      if (generation.id !== null && headerOf(request, "x-request-id") === undefined) record.id = generation.id;
      response.on("finish", () => {
        completed += 1;
        onCompleted(completed);
      });
      await answerRequest({ request: generation, faults, response, truth: record }, engine);
    } catch (error) {
      if (record.end === "abort") record.end = "error";
      throw error;
    } finally {
      truth?.finish(record);
    }
  }

  const handler =
    (endpoint: Endpoint): Handler =>
    async (request, response) => {
      underWay += 1;
      try {
        await generate(endpoint, request, response);
      } finally {
        underWay -= 1;
      }
    };
  return { handler, underWay: () => underWay };
}

/** Faults that leave nothing to generate. @returns whether the connection was reset */
function refusesToAnswer(faults: Faults, record: TruthRecord, response: ServerResponse, server: Server): boolean {
  if (faults.status !== undefined) {
    record.end = "fault status";
    throw new ApiError(faults.status, "InternalServerError", "simulated HTTP error (fault injection)");
  }
  if (faults.reset === undefined && faults.refuse === undefined) return false;
  record.end = faults.reset === undefined ? "fault refuse" : "fault reset";
  if (faults.refuse !== undefined) refuseFor(faults.refuse, server);
  response.socket?.resetAndDestroy();
  return true;
}

/** Stops listening, so that the kernel refuses connections, and listens again later on the same port. */
function refuseFor(seconds: number, server: Server): void {
  if (!server.listening) return;
  const { port, address } = server.address() as AddressInfo;
  server.close();
  setTimeout(() => server.listen(port, address), seconds * 1000);
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

const requestId = (request: IncomingMessage, number: number) =>
  headerOf(request, "x-request-id") ?? `simulated-${number}`;
