import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import type { BenchCell } from "../cells.ts";
import type { Peer, Report } from "./peer.ts";

/** The columns that are needed here; a cell holds more. */
const PitwallCell = z.object({
  measurement: z.object({
    requests: z.object({
      scheduledMs: z.array(z.number()),
      sentMs: z.array(z.number().nullable()),
      firstTokenMs: z.array(z.number().nullable()),
      lastTokenMs: z.array(z.number().nullable()),
      gapsMs: z.array(z.array(z.number())),
      outputTokens: z.array(z.number()),
      errors: z.array(z.string().nullable()),
    }),
  }),
  health: z.object({ limitedBy: z.array(z.string()).optional() }).optional(),
});

/** Our own load generator, as a user starts it. */
export const pitwall: Peer = {
  name: "pitwall",
  command: (cell, { url }, folder, seed) => ({
    program: process.execPath,
    args: [join(PACKAGE_ROOT, "dist", "cli.mjs"), "serve-benchmark", ...options(cell, url, folder, seed)],
    env: {},
  }),
  read(_cell, folder) {
    const cells = join(folder, "cells", "serve-benchmark");
    return readPitwallCell(readFileSync(join(cells, readdirSync(cells)[0]!), "utf8"));
  },
};

function options(cell: BenchCell, url: string, folder: string, seed: number): string[] {
  const { load, inputTokens, outputTokens, requests, warmupRequests } = cell;
  const rate = load.kind === "closed" ? ["--concurrency", load.streams] : ["--request-rate", load.ratePerSecond];
  const lengths = ["--pairs", `${inputTokens}:${outputTokens}`];
  const counts = ["--num-prompts", requests, "--warmup-requests", warmupRequests];
  return ["--base-url", url, ...lengths, ...rate, ...counts, "--seed", seed, "--output", folder].map(String);
}

/** @param text a cell document that holds samples of requests */
export function readPitwallCell(text: string): Report {
  const { measurement, health } = PitwallCell.parse(JSON.parse(text));
  const { scheduledMs, sentMs, firstTokenMs, lastTokenMs, gapsMs, outputTokens, errors } = measurement.requests;
  const ended = errors.flatMap((error, index) => (error === null ? [index] : []));
  return {
    failed: errors.length - ended.length,
    limitedBy: health?.limitedBy ?? [],
    requests: ended.map((index) => ({
      id: `pitwall-${index}`,
      startMs: sentMs[index]!,
      ttftMs: firstTokenMs[index]! - sentMs[index]!,
      gapsMs: gapsMs[index]!,
      tpotMs: (lastTokenMs[index]! - firstTokenMs[index]!) / (outputTokens[index]! - 1),
      outputTokens: outputTokens[index]!,
      sendLatenessMs: sentMs[index]! - scheduledMs[index]!,
    })),
  };
}
