import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { Cell, type RequestSamples } from "../../src/result/document/cell.ts";
import { type RecordedAnswer, recordedAnswer } from "./recorded-answer.ts";
import { recordTo } from "./recording-proxy.ts";

const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.mjs");

export interface Measured {
  exitCode: number | null;
  /** Everything that was printed. */
  printed: string;
  cell: Cell;
  /** Answers to the measured requests, in the order in which they were sent. */
  recorded: RecordedAnswer[];
}

/** Measures one serving cell through a proxy that records what really went over the wire. */
export async function measure(port: number, model: string, ...more: string[]): Promise<Measured> {
  return measureWith({}, port, model, ...more);
}

/** @param secrets what the command line takes from its environment only; @param onPrinted called with all of it so far */
export async function measureWith(
  { onPrinted = () => {}, ...secrets }: { PITWALL_API_KEY?: string; onPrinted?: (printed: string) => void },
  port: number,
  model: string,
  ...more: string[]
): Promise<Measured> {
  await using folder = await createFixture({});
  await using proxy = await recordTo(port);
  const args = [
    ...["serve-benchmark", "--base-url", proxy.baseUrl, "--model", model, "--output", folder.path],
    ...["--pairs", "32:24", "--concurrency", "2", "--num-prompts", "12", "--warmup-requests", "2", "--no-telemetry"],
    ...more,
  ];
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...secrets },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
      onPrinted(printed);
    });
  }
  const exitCode = await ended;
  const cells = folder.getPath("cells", "serve-benchmark");
  const [file] = existsSync(cells) ? readdirSync(cells) : [];
  if (file === undefined) throw new Error(`no cell was written:\n${printed}`);
  const cell = Cell.parse(JSON.parse(readFileSync(join(cells, file), "utf8")));
  return {
    exitCode,
    printed,
    cell,
    recorded: measuredOnes(proxy.recordings.flatMap((one) => recordedAnswer(one) ?? [])),
  };
}

/** Warm-up and probes have other ids; the measured requests are numbered. */
function measuredOnes(answers: RecordedAnswer[]): RecordedAnswer[] {
  const numbered = answers.filter(({ requestId }) => /^pitwall-\d+$/.test(requestId));
  return numbered.toSorted((a, b) => numberOf(a) - numberOf(b));
}

const numberOf = ({ requestId }: RecordedAnswer) => Number(requestId.split("-").at(-1));

/** The requests of a cell that was measured. */
export function samplesOf({ cell, printed }: Measured): RequestSamples {
  if (cell.status === "measured" && cell.measurement.kind === "requests") return cell.measurement.requests;
  throw new Error(`${cell.id} is ${cell.status}:\n${printed}`);
}
