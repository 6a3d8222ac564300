import { createFixture } from "fs-fixture";
import { z } from "zod";
import { startEngine } from "../../src/engine/start.ts";
import { stopEngine } from "../../src/engine/stop.ts";
import { gateCell } from "../../src/result/gate/gate.ts";
import { servingInputs } from "../../src/verbs/serve-benchmark/inputs.ts";
import { serveBenchmark } from "../../src/verbs/serve-benchmark/serve-benchmark.ts";
import { readCells } from "../../src/working-folder/cells.ts";
import { recordingTools } from "./recording-tools.ts";

/** A benchmark of a second or less. */
export const FAST = {
  pairs: "30:4,50:5",
  requestRate: "100",
  numPrompts: "12",
  warmupRequests: "2",
  clientLimits: "off",
};

/** A working folder with a simulated engine that start-engine brought up; both are gone at the end. */
export async function simulatedEngine(...engineArgs: string[]) {
  const fixture = await createFixture();
  const output = fixture.getPath("out");
  const engine = await startEngine(
    { kind: "simulated", output, model: "sim/tiny", engineArgs, host: "127.0.0.1", port: 0, startTimeoutSeconds: 30 },
    recordingTools(),
  );
  return {
    output,
    engine,
    serve: (given: object = {}, tools = recordingTools()) => serve({ output, ...FAST, ...given }, tools),
    cells: () => readCells(output),
    /** As the run document will have them. */
    gated: async () => (await readCells(output)).map((cell) => gateCell(cell)),
    async [Symbol.asyncDispose]() {
      await stopEngine(engine, 1);
      await fixture.rm();
    },
  };
}

/** The verb with inputs as they are typed. */
export function serve(given: object, tools = recordingTools()) {
  return serveBenchmark.run(z.strictObject(servingInputs).parse(given), tools);
}
