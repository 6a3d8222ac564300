import { createFixture } from "fs-fixture";
import { runCommand } from "../../src/machine/command.ts";
import { readCells } from "../../src/working-folder/cells.ts";
import { HOSTILE_MODES, type HostileMode } from "../support/hostile-modes.ts";
import { hostileServer } from "../support/hostile-server.ts";

const TOKENS = 8;
const REQUESTS = 40;

const ARGS = [
  "--pairs",
  `5:${TOKENS}`,
  "--concurrency",
  "8",
  "--num-prompts",
  String(REQUESTS),
  "--warmup-requests",
  "0",
];
/** Prints its own peak when it ends. */
const MEASURED = `
import { readFileSync } from "node:fs";

process.on("exit", () => console.error("VmHWM", /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]));
`;

interface Result {
  seconds: number;
  peakMb: number;
  exitCode: number;
  first: string;
}

/** One benchmark by the built command line against a server in this mode. */
async function against(mode: HostileMode): Promise<Result> {
  await using server = await hostileServer(mode, TOKENS);
  await using fixture = await createFixture({ "peak.mjs": MEASURED });
  const output = fixture.getPath("out");
  const limits = ["--request-timeout", mode.timeout ?? "30", "--client-limits", "off", "--output", output];
  const begin = performance.now();
  const run = await runCommand(process.execPath, [
    ...["--import", fixture.getPath("peak.mjs"), "dist/cli.mjs", "serve-benchmark"],
    ...["--base-url", server.baseUrl, ...ARGS, ...limits],
  ]);
  const [cell] = await readCells(output).catch(() => []);
  const errors =
    cell?.status === "measured" && cell.measurement.kind === "requests" ? cell.measurement.requests.errors : [];
  const peaks = [...run.stderr.matchAll(/VmHWM (\d+)/g)].map(([, kb]) => Number(kb) / 1000);
  return {
    seconds: (performance.now() - begin) / 1000,
    peakMb: Math.max(...peaks),
    exitCode: run.exitCode,
    first: errors.find((error) => error !== null) ?? (errors.length === REQUESTS ? "all well" : run.stderr.slice(-200)),
  };
}

/** @returns whether every benchmark ended for the stated reason within the stated memory */
export async function benchHostile(names: readonly string[]): Promise<boolean> {
  const modes = HOSTILE_MODES.filter(({ name }) => names.length === 0 || names.includes(name));
  let isWell = true;
  for (const mode of modes) {
    const { seconds, peakMb, exitCode, first } = await against(mode);
    isWell &&= peakMb <= 300 && (mode.error?.test(first) ?? first === "all well");
    console.log(
      [
        mode.name.padEnd(40),
        `${seconds.toFixed(1)} s`,
        `${Math.round(peakMb)} MB`,
        `exit ${exitCode}`,
        first.slice(0, 60),
      ].join("  "),
    );
  }
  return isWell;
}
