import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CommanderError } from "commander";
import { messageOf } from "../errors.ts";
import { TruthLog } from "./answer/truth-log.ts";
import { assembleServer, kvCacheTokensOf } from "./assemble.ts";
import { type Clock, WallClock } from "./engine/clock.ts";
import { crashTraceback } from "./faults/test-aids.ts";
import { parseOptions, type SimulatorOptions } from "./options.ts";
import { cacheTooSmall, outOfMemoryLog } from "./start-failures.ts";
import { playStart } from "./start-log.ts";
import { warmUp } from "./warm-up.ts";

/** The simulated engine as a process: exit code 0 when told to stop, 1 when it cannot serve, 2 for a wrong option. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const clock = new WallClock();
  const server = await assemble(options, clock);
  stopOnSignals(server);
  // Whoever wants the truth measures by it.
  if (options.truth !== undefined) await warmUp(options, clock);
  if (options.startDelay > 0) await playStart(options, process.env);
  dieOfMemory(options);
  server.listen(options.port, options.host);
  await once(server, "listening");
  process.stdout.write(`simulated engine listening on ${urlOf(server.address() as AddressInfo)}\n`);
}

function assemble(options: SimulatorOptions, clock: Clock): Promise<Server> {
  const truth = options.truth === undefined ? null : new TruthLog(options.truth);
  if (truth !== null) process.on("exit", () => truth.close());
  return assembleServer(options, {
    clock,
    truth,
    onCompleted: (completed) => {
      if (completed === options.crashAfterRequests) dieWith(crashTraceback(completed));
    },
  });
}

function dieOfMemory(options: SimulatorOptions): void {
  const { oomAtStart, maxModelLen } = options;
  const words =
    oomAtStart === undefined ? cacheTooSmall(kvCacheTokensOf(options), maxModelLen) : outOfMemoryLog(oomAtStart);
  if (words !== null) dieWith(words);
}

function dieWith(lastWords: string): never {
  process.stderr.write(lastWords);
  process.exit(1);
}

function stopOnSignals(server: Server): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      server.close();
      server.closeAllConnections();
      process.exit(0);
    });
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const hint = taken ? ". Stop what listens there, or take another --port (0 for any free one)." : "";
  process.stderr.write(`simulated engine could not start: ${messageOf(error)}${hint}\n`);
  return 1;
}

try {
  await main();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
