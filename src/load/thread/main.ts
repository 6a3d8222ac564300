import { parentPort } from "node:worker_threads";
import { Connections } from "../http/connections.ts";
import type { Target } from "../http/target.ts";
import { Flight } from "./flight.ts";
import type { FlightOrder, FromThread, ToThread } from "./flight-order.ts";
import { buffersOf, landingOf } from "./landing.ts";
import { watchThread } from "./thread-watch.ts";
import { Wait } from "./wait.ts";

/*
 * A thread that sends requests and reads answers, and does nothing else: progress, telemetry and files are the main
 * thread's, because whatever held up this loop would be measured as the engine's.
 */

const main = parentPort!;
let connections: Connections | undefined;
let flight: Flight | undefined;
const wait = new Wait();

const answer = (message: FromThread, transfer: ArrayBuffer[] = []) => main.postMessage(message, transfer);

function connectionsTo(target: Target): Connections {
  if (connections?.leadTo(target)) return connections;
  connections?.close();
  return new Connections(target);
}

async function fly(order: FlightOrder): Promise<void> {
  flight = new Flight(order, connections!, wait);
  const endWatch = watchThread();
  flight.start();
  await flight.landed;
  const landedAt = performance.now();
  const landing = landingOf(flight, landedAt, endWatch(flight));
  flight = undefined;
  answer({ kind: "landed", landing }, buffersOf(landing));
}

main.on("message", async (message: ToThread) => {
  switch (message.kind) {
    case "prepare":
      connections = connectionsTo(message.target);
      await Promise.all([connections.prepare(message.connections, message.spare), message.isTimed && wait.prepare()]);
      return answer({ kind: "prepared" });
    case "fly":
      return fly(message.order);
    case "cancel":
      return flight?.cancel(message.why);
  }
});
