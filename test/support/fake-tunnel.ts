/*
 * Stands in for `kubectl port-forward service/NAME LOCAL:REMOTE`: hands connections on to the port of the first argument.
 */
import { connect, createServer } from "node:net";

const [target, ...args] = process.argv.slice(2) as [string, ...string[]];
const [local] = args.find((word) => /^\d+:\d+$/.test(word))!.split(":");
createServer((socket) => {
  const engine = connect(Number(target), "127.0.0.1");
  for (const [one, other] of [
    [socket, engine],
    [engine, socket],
  ] as const) {
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
    one.pipe(other);
  }
}).listen(Number(local), "127.0.0.1");
