import { expect, test } from "vitest";
import { StageLog } from "../../../../src/verbs/scenario/stages/stage.ts";
import { recordingTools } from "../../../support/recording-tools.ts";

test("what a stage throws is its end, and the next one is done", async () => {
  const log = new StageLog(recordingTools());
  await log.run("ready", async () => {
    throw new Error("gone");
  });
  await log.run("clean-up", async () => ({ state: "ok" }));
  expect(log.ends.map(({ stage, state, detail }) => [stage, state, detail])).toEqual([
    ["ready", "failed", "gone"],
    ["clean-up", "ok", undefined],
  ]);
});

test("after a cancel nothing is begun but the clean-up", async () => {
  const begun: string[] = [];
  const log = new StageLog(recordingTools({ signal: AbortSignal.abort() }));
  for (const stage of ["performance", "clean-up"] as const) {
    await log.run(stage, async () => {
      begun.push(stage);
      return { state: "ok" };
    });
  }
  expect(begun).toEqual(["clean-up"]);
  expect(log.ends[0]).toMatchObject({ state: "failed", detail: "cancelled" });
});
