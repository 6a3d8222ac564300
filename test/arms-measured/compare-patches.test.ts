import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BASELINE, commit, FAST, HUMAN, machine, pace, patchTo, SHORT, SLOW } from "../support/patched-machine.ts";

// Each measurement starts an engine; a busy machine takes seconds for one.
const BUSY = { timeout: 180_000 };

const BASELINE_FILE = `baseline_benchmark_results/${SHORT}_baseline_result.json`;
const HUMAN_FILE = `agent_benchmark_results/${SHORT}_human_result.json`;
/** Arm ÷ base in tokens a second. */
const rateOf = (rows: { metric: string; ratio: number }[]) =>
  rows.find(({ metric }) => metric === "output_throughput_tok_s")!.ratio;
const agentFile = (name: string) => `agent_benchmark_results/${name}/${SHORT}_agent_result.json`;

describe("a commit is measured", BUSY, () => {
  test("with its parent and every agent's patch: states with intervals, and results in ISO-Bench's form", async () => {
    await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
    const patches = [
      at.agent("good", patchTo(FAST)),
      at.agent("idle", ""),
      at.agent("wrong", patchTo(FAST).replace(`-${SLOW}`, "-another pace")),
    ];
    const { ok, text, json } = await at.run({ patches });
    expect(ok, at.tools.said.join("\n")).toBe(true);
    expect(at.result(BASELINE_FILE)).toMatchObject({
      status: "success",
      parameters: { num_prompts: 8, random_input_len: 16 },
    });
    const human = at.result(HUMAN_FILE);
    expect(human).toMatchObject({
      human_commit: SHORT,
      human_commit_full: commit,
      status: "success",
      model: "sim/tiny",
    });
    expect(human.metrics.throughput_tok_s).toBeGreaterThan(0);
    expect(rateOf(human.beside_baseline)).toBeGreaterThan(1.1);
    const good = at.result(agentFile("good"));
    expect(good).toMatchObject({ status: "success", agent: "good", attempt: 1 });
    expect(rateOf(good.beside_human)).toBeLessThan(1.2);
    expect(at.result(agentFile("idle"))).toMatchObject({ status: "no_patch", metrics: {} });
    expect(at.result(agentFile("wrong"))).toMatchObject({ status: "patch_failed", metrics: {} });
    const [only] = (json as { commits: { category: string; attempts: object[] }[] }).commits;
    expect(only!.category).toBe("complete");
    expect(only!.attempts).toHaveLength(3);
    expect(text).toContain("1 commit measured, 0 kept of earlier calls");
    expect(at.containers()).toEqual([]);
  });

  test("without an arm whose image is missing", async () => {
    await using at = await machine({ [BASELINE]: SLOW });
    const { ok } = await at.run({ patches: [at.agent("good", patchTo(FAST))] });
    expect(ok, at.tools.said.join("\n")).toBe(true);
    expect(at.result(HUMAN_FILE)).toMatchObject({ status: "image_missing", error: expect.stringContaining(HUMAN) });
    const good = at.result(agentFile("good"));
    expect(rateOf(good.beside_baseline)).toBeGreaterThan(1.1);
    expect(good.beside_human).toBeUndefined();
  });

  test("in which the human's image is broken, as the others beside the baseline; a crash is the patch's where that runs", async () => {
    await using at = await machine({ [HUMAN]: "crash", [BASELINE]: SLOW });
    const patches = [at.agent("good", patchTo(FAST)), at.agent("bad", patchTo("crash"))];
    const { ok, json } = await at.run({ patches });
    expect(ok, at.tools.said.join("\n")).toBe(true);
    expect(at.result(HUMAN_FILE)).toMatchObject({ status: "error", error: expect.stringMatching(/^engine_crashed: /) });
    expect(at.result(agentFile("good"))).toMatchObject({ status: "success" });
    expect(at.result(agentFile("bad"))).toMatchObject({ status: "error" });
    const bad = at.result(agentFile("bad")).beside_baseline[0];
    expect(bad).toMatchObject({ state: "arm_failed", detail: expect.stringContaining("the patch's failure") });
    expect((json as { commits: { category: string }[] }).commits[0]!.category).toBe("human_failed");
  });

  test("with the smaller context of the one that has no memory for its own, which each result says", async () => {
    await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
    const small = at.agent("small", patchTo(`${FAST} --kv-cache-tokens 1024`));
    const { ok } = await at.run({ patches: [small], type: "human,agent" });
    expect(ok, at.tools.said.join("\n")).toBe(true);
    const shrinking = "small had no memory for its context: all arms are measured anew with --max-model-len 1024";
    expect(at.tools.said).toContain(`warning: ${shrinking}`);
    for (const file of [HUMAN_FILE, agentFile("small")]) {
      const { status, parameters } = at.result(file);
      expect([status, parameters.max_model_len]).toEqual(["success", 1024]);
      expect(parameters.notes).toContain("small had no memory for more than max_model_len 1024");
    }
    const { beside_human } = at.result(agentFile("small"));
    expect(beside_human.map(({ state }: { state: string }) => state)).not.toContain("invalid");
  });

  test("once more with another load, where that is asked for", async () => {
    await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
    await at.run({ patches: [at.agent("good", patchTo(FAST))], type: "human,agent", anotherLoad: true });
    const { another_load, beside_human } = at.result(agentFile("good"));
    expect(another_load).toHaveLength(beside_human.length);
    expect(another_load[0].cell).toBe("serve-benchmark/in_8_out_12_rate_inf_max_2_chat");
    expect(beside_human[0].cell).toBe("serve-benchmark/in_16_out_8_rate_inf_max_2_chat");
  });

  test("and asked the same questions, and samples that have a right answer, where that is asked for", async () => {
    const [before, after] = [pace(4, 1), pace(3, 1)];
    await using at = await machine({ [HUMAN]: after, [BASELINE]: before });
    const patches = [at.agent("good", patchTo(after, before))];
    await at.run({ patches, type: "baseline,agent", checkAnswers: true, checkAccuracy: true });
    const { answers, accuracy_beside_base } = at.result(agentFile("good"));
    expect(answers, at.tools.said.join("\n")).toMatchObject({ questions: 32 });
    // The simulated engine says nothing that is right.
    expect(accuracy_beside_base).toMatchObject({ verdict: "base_too_weak", unanswered: 0, correctOfBase: 0 });
    expect(accuracy_beside_base.samples).toBeGreaterThan(50);
    expect(at.containers()).toEqual([]);
  });

  test("as one arm alone, where only that is asked for", async () => {
    await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
    await at.run({ type: "human" });
    expect(at.result(HUMAN_FILE)).toMatchObject({ status: "success", measurements: 1 });
    expect(existsSync(at.path(BASELINE_FILE))).toBe(false);
  });
});

describe("a second call", BUSY, () => {
  test("keeps what was measured, and measures again what was asked otherwise", async () => {
    await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
    await at.run({ type: "human" });
    const before = statSync(at.path(HUMAN_FILE)).mtimeMs;
    expect((await at.run({ type: "human" })).text).toContain("0 commits measured, 1 kept of earlier calls");
    expect(statSync(at.path(HUMAN_FILE)).mtimeMs).toBe(before);
    expect((await at.run({ type: "human", seed: 7 })).text).toContain("1 commit measured, 0 kept");
    expect(at.result(HUMAN_FILE).parameters.seed).toBe(7);
  });

  test("with --retry-failed takes up only what failed, which may have its image by now", async () => {
    await using at = await machine({ [BASELINE]: SLOW });
    await at.run({ type: "human" });
    expect(at.result(HUMAN_FILE).status).toBe("image_missing");
    const images = at.folder.getPath("daemon/images");
    const [baseline] = readdirSync(images);
    const name = Buffer.from(baseline!, "hex").toString().replace(BASELINE, HUMAN);
    mkdirSync(join(images, Buffer.from(name).toString("hex"), "vllm"), { recursive: true });
    writeFileSync(join(images, Buffer.from(name).toString("hex"), "vllm/pace.txt"), FAST);
    expect((await at.run({ type: "human", retryFailed: true })).text).toContain("1 commit measured");
    expect(at.result(HUMAN_FILE).status).toBe("success");
    const again = await at.run({ type: "human", retryFailed: true });
    expect(again.text).toContain("0 commits measured, 0 kept");
  });

  test("measures anew where a result is gone or broken", async () => {
    await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
    await at.run({ type: "human" });
    writeFileSync(at.path(HUMAN_FILE), "{");
    expect((await at.run({ type: "human" })).text).toContain("1 commit measured");
    rmSync(at.path(HUMAN_FILE));
    expect((await at.run({ type: "human" })).text).toContain("1 commit measured");
  });
});

test("a commit that no run can measure is skipped, with why, and an agent's arm without patches is a mistake", async () => {
  await using at = await machine({ [HUMAN]: FAST, [BASELINE]: SLOW });
  const { ok } = await at.run({ engineArgs: ["--port", "1"] });
  expect(ok).toBe(false);
  expect(at.result(HUMAN_FILE)).toMatchObject({ status: "skipped", error: expect.stringContaining("--port") });
  await expect(at.run({ type: "agent" })).rejects.toThrow("--patches");
});
