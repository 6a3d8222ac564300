import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

/*
 * Stands where Python stands: reads the sweep's plan and writes the events that the real driver writes. The plan's first
 * engine argument says how it ends: whole, refuse, bad-flag, never-ready;
 * in the second size crash, oom, oom-death, where the engine does not survive it, and endless, which goes on for ever.
 */
const value = (flag: string) => process.argv[process.argv.indexOf(flag) + 1]!;
const plan = JSON.parse(readFileSync(value("--plan"), "utf8"));
const [story] = plan.engineArgs;
writeFileSync(`${value("--events")}.pid`, String(process.pid));
const emit = (event: string, fields: object = {}) =>
  appendFileSync(value("--events"), `${JSON.stringify({ event, ...fields })}\n`);

interface Cell {
  id: string;
  batchSize: number;
  inputLen: number;
  outputLen: number;
  burst?: { repeats: number; warmupRequests: number };
}

function measureSize({ id: cell, batchSize, inputLen, outputLen, burst }: Cell): void {
  emit("warmup_done", { cell, seconds: 0.5 });
  const length = burst?.repeats ?? plan.iterations;
  const latencies = Array.from({ length }, (_, index) => 1 + batchSize / 10 + index / 100);
  const tokens = (length: number) => Array(batchSize).fill(length);
  const counts = { inputTokens: tokens(inputLen), outputTokens: tokens(outputLen) };
  for (const [index, seconds] of latencies.entries()) {
    emit("iteration", { cell, index, seconds, ...(burst === undefined ? {} : counts) });
  }
  emit("size", { cell, latencies, ...counts, warmupSeconds: 0.5, measuredSeconds: 3 });
}

if (story === "refuse") {
  emit("error", { kind: "context_too_long", error: "input 4 + output 2 = 6 tokens do not fit" });
  process.exit(2);
}
if (story === "bad-flag") {
  console.error("driver.py: error: unrecognized arguments: --no-such-flag");
  emit("error", { kind: "bad_engine_args", error: "unrecognized arguments: --no-such-flag" });
  process.exit(2);
}
if (story === "never-ready") setInterval(() => {}, 1000);
else {
  const model = { version: "0.32.0", maxModelLen: 4096, dtype: "bfloat16" };
  emit("engine", { seconds: 12.5, ...model, engineArgs: {} });
  for (const [index, planned] of (plan.cells as Cell[]).entries()) {
    const cell = planned.id;
    emit("size_started", { cell, sampling: { temperature: 1 } });
    if (index === 1 && story === "crash") {
      emit("warmup_done", { cell, seconds: 0.5 });
      emit("iteration", { cell, index: 0, seconds: 1 });
      console.error("RuntimeError: Engine core initialization failed");
      process.exit(3);
    }
    if (index === 1 && story === "oom-death") {
      console.error("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.");
      emit("size_failed", { cell, error: "EngineDeadError: EngineCore encountered an issue", outOfMemory: false });
      emit("engine_died", { error: "EngineDeadError: EngineCore encountered an issue" });
      process.exit(3);
    }
    if (index === 1 && story === "endless") {
      emit("warmup_done", { cell, seconds: 0.5 });
      for (let i = 0; ; i++) {
        emit("iteration", { cell, index: i, seconds: 0.1 });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    if (index === 1 && story === "oom")
      emit("size_failed", { cell, error: "OutOfMemoryError: CUDA out of memory", outOfMemory: true });
    else measureSize(planned);
  }
  emit("done");
}
