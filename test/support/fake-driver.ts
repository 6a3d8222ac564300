import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

/*
 * Stands where Python stands: reads the sweep's plan and writes the events that the real driver writes. The plan's first
 * engine argument says how it ends: whole, refuse, never-ready, crash (in the second size), oom (in the second size).
 */
const value = (flag: string) => process.argv[process.argv.indexOf(flag) + 1]!;
const plan = JSON.parse(readFileSync(value("--plan"), "utf8"));
const [story] = plan.engineArgs;
writeFileSync(`${value("--events")}.pid`, String(process.pid));
const emit = (event: string, fields: object = {}) =>
  appendFileSync(value("--events"), `${JSON.stringify({ event, ...fields })}\n`);

function measureSize(batchSize: number): void {
  emit("warmup_done", { batchSize, seconds: 0.5 });
  const latencies = Array.from({ length: plan.iterations }, (_, index) => 1 + batchSize / 10 + index / 100);
  for (const [index, seconds] of latencies.entries()) emit("iteration", { batchSize, index, seconds });
  const tokens = (length: number) => Array(batchSize).fill(length);
  const counts = { inputTokens: tokens(plan.inputLen), outputTokens: tokens(plan.outputLen) };
  emit("size", { batchSize, latencies, ...counts, warmupSeconds: 0.5, measuredSeconds: 3 });
}

if (story === "refuse") {
  emit("error", { kind: "context_too_long", error: "input 4 + output 2 = 6 tokens do not fit" });
  process.exit(2);
}
if (story === "never-ready") setInterval(() => {}, 1000);
else {
  const model = { version: "0.32.0", maxModelLen: 4096, dtype: "bfloat16" };
  emit("engine", { seconds: 12.5, ...model, engineArgs: {}, sampling: { temperature: 1 } });
  for (const [index, batchSize] of plan.batchSizes.entries()) {
    emit("size_started", { batchSize });
    if (index === 1 && story === "crash") {
      emit("warmup_done", { batchSize, seconds: 0.5 });
      emit("iteration", { batchSize, index: 0, seconds: 1 });
      console.error("RuntimeError: Engine core initialization failed");
      process.exit(3);
    }
    if (index === 1 && story === "oom")
      emit("size_failed", { batchSize, error: "OutOfMemoryError: CUDA out of memory", outOfMemory: true });
    else measureSize(batchSize);
  }
  emit("done");
}
