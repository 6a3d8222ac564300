import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { Run, type RunCell } from "../../../src/result/document/run.ts";
import { pitwall, startPitwall } from "../../support/cli.ts";
import { KILL_SEED, killIfThere, processesMarked, randomNumbers, runningAs } from "../../support/seeded-kills.ts";
import { HAS_PYTHON, vllmMachine } from "../../support/vllm-machine.ts";

/** The sweep takes about this long, and so does the serving after it. */
const SPAN_MS = 1200;

/** An offline sweep, then a server on the same machine. */
const runArgs = (port: number) => [
  ...[
    "run",
    "--engine",
    "vllm",
    "--model",
    "sim/tiny",
    "--port",
    String(port),
    "--skip-site",
    "--client-limits",
    "off",
  ],
  ...["--batch-sizes", "1,2,4", "--input-len", "16", "--output-len", "4", "--warmup", "1", "--iterations", "5"],
  ...["--engine-args", "--fake-batch-seconds 0.06", "--pairs", "16:4", "--request-rate", "20", "--num-prompts", "20"],
];

const DRIVER = "driver.py";
const SERVER = "fake-serving-vllm";
const WORKER = "sleep 600";

const random = randomNumbers(KILL_SEED);
const kills = [
  { victim: "pitwall", signal: "SIGTERM", during: DRIVER, program: "cli/main.ts" },
  { victim: "pitwall", signal: "SIGKILL", during: DRIVER, program: "cli/main.ts" },
  { victim: "the driver", signal: "SIGKILL", during: DRIVER, program: DRIVER },
  { victim: "the driver's engine", signal: "SIGKILL", during: DRIVER, program: "spawn_main" },
  { victim: "a worker of the driver's engine", signal: "SIGKILL", during: DRIVER, program: WORKER },
  { victim: "a worker of the server", signal: "SIGKILL", during: SERVER, program: WORKER },
] as const;
const moments = kills.map((kill) => ({ ...kill, afterMs: Math.round(random() * SPAN_MS) }));

const reasonOf = (cell: RunCell) => (cell.status === "ok" ? "ok" : cell.reason);

describe
  .skipIf(!HAS_PYTHON)
  .concurrent(`a run on vLLM of which something is killed (PITWALL_KILL_SEED=${KILL_SEED})`, () => {
    test.each(moments)(
      "$signal of $victim $afterMs ms into it leaves nothing behind",
      async ({ victim, signal, during, program, afterMs }) => {
        await using machine = await vllmMachine();
        const mark = `PITWALL_TEST_MARK=${KILL_SEED}-${victim.replaceAll(/\W/g, "-")}-${signal}-${process.pid}`;
        const env = { ...machine.env, PITWALL_TEST_MARK: mark.split("=")[1] };
        const port = await freePort("127.0.0.1", 0);
        const { ended } = startPitwall(runArgs(port), machine.path, env);
        await expect.poll(() => runningAs(processesMarked(mark), during), { timeout: 30_000 }).toBeDefined();
        await sleep(afterMs);
        killIfThere(runningAs(processesMarked(mark), program), signal);
        const { exitCode, stderr } = await ended;
        if (victim === "pitwall" && signal === "SIGKILL") {
          const next = await pitwall(runArgs(port), machine.path, env);
          expect(next.exitCode, next.stderr).toBe(0);
        }
        expect(processesMarked(mark)).toEqual([]);
        expect(await freePort("127.0.0.1", port)).toBe(port);
        const run = Run.parse(JSON.parse(readFileSync(machine.out("run.json"), "utf8")));
        const expected = victim === "pitwall" ? "cancelled" : "engine_crashed";
        const [serving, ...sweep] = run.cells.toReversed();
        expect(run.cells).toHaveLength(4);
        expect([...new Set(sweep.map(reasonOf)), reasonOf(serving!)]).toSatisfy(
          (reasons: string[]) => reasons.every((reason) => reason === "ok" || reason === expected),
          stderr,
        );
        // The server is another engine: what happens to the one in the driver costs it nothing.
        if (during === DRIVER && victim !== "pitwall") expect(serving!.status).toBe("ok");
        if (during === SERVER) expect(sweep.map(reasonOf)).toEqual(["ok", "ok", "ok"]);
        if (exitCode === 0) expect(run.outcome).toBe("ok");
      },
    );
  });
