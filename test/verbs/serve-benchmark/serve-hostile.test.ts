import { createFixture } from "fs-fixture";
import { beforeAll, describe, expect, test } from "vitest";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { HOSTILE_MODES, type HostileMode } from "../../support/hostile-modes.ts";
import { hostileServer } from "../../support/hostile-server.ts";
import { serve } from "../../support/simulated-room.ts";

const [REQUESTS, TOKENS] = [2, 8];
const LOAD = { pairs: `5:${TOKENS}`, concurrency: "1", numPrompts: String(REQUESTS), warmupRequests: "0" };

/** What each request of a benchmark against a server in this mode came to. */
async function measure({ timeout = "60", ...mode }: HostileMode) {
  await using server = await hostileServer(mode, TOKENS);
  await using fixture = await createFixture();
  const output = fixture.getPath("out");
  await serve({ baseUrl: server.baseUrl, output, ...LOAD, requestTimeout: timeout, clientLimits: "off" });
  const [cell] = await readCells(output);
  if (cell?.status !== "measured" || cell.measurement.kind !== "requests") throw new Error(JSON.stringify(cell));
  return { errors: cell.measurement.requests.errors, gated: gateCell(cell) };
}

describe("a benchmark of a server", () => {
  const results = new Map<HostileMode, Awaited<ReturnType<typeof measure>> | Error>();

  // Together, for most of it is waiting.
  beforeAll(async () => {
    const all = HOSTILE_MODES.map(async (mode) => results.set(mode, await measure(mode).catch((error) => error)));
    await Promise.all(all);
  });

  test.each(HOSTILE_MODES)("with $name ends by itself, and says why", (mode) => {
    const result = results.get(mode)!;
    if (result instanceof Error) throw result;
    const expected = mode.error === null ? null : expect.stringMatching(mode.error);
    expect(result.errors).toEqual(Array(REQUESTS).fill(expected));
    expect(result.gated.status).toBe(mode.error === null ? "ok" : "failed");
    expect(JSON.stringify(result.gated).length).toBeLessThan(5000);
  });
});

test("a list of models without end is given up, with its beginning", async () => {
  const endless = HOSTILE_MODES.find(({ path }) => path === "/metrics")!;
  await using server = await hostileServer({ ...endless, path: "/v1/models" }, TOKENS);
  await using fixture = await createFixture();
  const ended = serve({ baseUrl: server.baseUrl, output: fixture.getPath("out"), ...LOAD });
  await expect(ended).rejects.toThrow('/v1/models: too_large: more than 16 MiB came; it begins: "# x');
});
