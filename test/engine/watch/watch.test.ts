import { describe, expect, test } from "vitest";
import { watchEngine } from "../../../src/engine/watch/watch.ts";
import { engineRoom } from "../../support/fake-engine.ts";

describe("watching an engine", () => {
  test("tells of its death, with the end of its log", async () => {
    await using room = await engineRoom();
    const record = await room.start();
    const watch = watchEngine(record);
    process.kill(record.pid, "SIGKILL");
    const death = await watch.died;
    expect(death).toMatchObject({
      reason: "engine_crashed",
      detail: expect.stringMatching(
        `the engine's process \\(pid ${record.pid}\\) ended unexpectedly: its log ends without an error, so it was killed`,
      ),
    });
    expect(death.logTail).toContain("environment");
    expect(await watch.check()).toEqual(death);
  });

  test("finds nothing amiss while it runs", async () => {
    await using room = await engineRoom();
    const record = await room.start();
    const watch = watchEngine(record);
    expect(await watch.check()).toBeUndefined();
    watch.close();
  });

  test("waits for the end of one that is dying: unhealthy, but not gone yet", async () => {
    await using room = await engineRoom();
    const record = await room.start("--fake-die-slowly", "800");
    const watch = watchEngine(record);
    await expect(fetch(`${record.baseUrl}/die`)).resolves.toMatchObject({ status: 500 });
    expect(await watch.check()).toMatchObject({
      detail: expect.stringContaining(`the engine's process (pid ${record.pid}) ended unexpectedly`),
    });
    watch.close();
  });

  test("calls one dead that runs on but stays unhealthy", async () => {
    await using room = await engineRoom();
    const record = await room.start("--fake-die-slowly", "60000");
    const watch = watchEngine(record);
    await fetch(`${record.baseUrl}/die`);
    expect(await watch.check(500)).toMatchObject({
      detail: expect.stringContaining(`the engine's process (pid ${record.pid}) runs, but is not healthy any more`),
    });
    watch.close();
  });

  test("never calls a remote one dead", async () => {
    await using room = await engineRoom();
    const record = await room.start();
    const watch = watchEngine({
      ...record,
      kind: "remote",
      baseUrl: "http://127.0.0.1:9",
      pid: null,
      processStart: null,
    });
    expect(await watch.check()).toBeUndefined();
    watch.close();
  });
});
