import { Histogram } from "./histogram.ts";
import type { StepPlan } from "./scheduler.ts";
import type { Sequence } from "./sequence.ts";

/** Bounds of the buckets in vLLM 0.32, seconds or tokens, as its `/metrics` shows them. */
const FIRST_TOKEN_S = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
const TOKEN_GAP_S = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const REQUEST_S = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
const STEP_TOKENS = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
const REQUEST_TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** What an engine counts of itself, by the deadlines that it kept to. */
export class Telemetry {
  readonly totals = {
    promptTokens: 0,
    prefixQueries: 0,
    prefixHits: 0,
    generationTokens: 0,
    finished: 0,
    /** Among the finished ones. */
    stopped: 0,
    aborted: 0,
    preemptions: 0,
  };
  readonly firstToken = new Histogram(FIRST_TOKEN_S);
  readonly tokenGap = new Histogram(TOKEN_GAP_S);
  readonly meanTokenGap = new Histogram(TOKEN_GAP_S);
  readonly endToEnd = new Histogram(REQUEST_S);
  readonly queue = new Histogram(REQUEST_S);
  readonly inference = new Histogram(REQUEST_S);
  readonly prefill = new Histogram(REQUEST_S);
  readonly decode = new Histogram(REQUEST_S);
  readonly stepTokens = new Histogram(STEP_TOKENS);
  readonly promptTokens = new Histogram(REQUEST_TOKENS);
  readonly generationTokens = new Histogram(REQUEST_TOKENS);

  stepPlanned(plan: StepPlan, startMs: number, prefixCaching: boolean): void {
    this.totals.preemptions += plan.preempted.length;
    this.stepTokens.observe(plan.tokens);
    for (const sequence of plan.admitted) {
      if (sequence.preemptions > 0) continue;
      this.scheduled(sequence, startMs);
      if (prefixCaching) this.totals.prefixQueries += sequence.promptTokens;
      this.totals.prefixHits += sequence.cachedTokens;
    }
  }

  /** The first step that computes a sequence begins. */
  scheduled(sequence: Sequence, atMs: number): void {
    sequence.scheduledMs = Math.max(atMs, sequence.arrivedMs);
  }

  token(sequence: Sequence, dueMs: number): void {
    this.totals.generationTokens += 1;
    if (sequence.generated === 1) {
      sequence.firstTokenMs = dueMs;
      this.totals.promptTokens += sequence.promptTokens;
      this.firstToken.observe((dueMs - sequence.arrivedMs) / 1000);
    } else this.tokenGap.observe((dueMs - sequence.lastTokenMs) / 1000);
    sequence.lastTokenMs = dueMs;
    if (sequence.state === "finished") this.#finished(sequence);
  }

  #finished(sequence: Sequence): void {
    const { arrivedMs, scheduledMs, ends, firstTokenMs, lastTokenMs, promptTokens, generated } = sequence;
    this.totals.finished += 1;
    if (ends === "stop") this.totals.stopped += 1;
    this.endToEnd.observe((lastTokenMs - arrivedMs) / 1000);
    this.queue.observe((scheduledMs - arrivedMs) / 1000);
    this.inference.observe((lastTokenMs - scheduledMs) / 1000);
    this.prefill.observe((firstTokenMs - scheduledMs) / 1000);
    this.decode.observe((lastTokenMs - firstTokenMs) / 1000);
    this.promptTokens.observe(promptTokens);
    this.generationTokens.observe(generated);
    if (generated > 1) this.meanTokenGap.observe((lastTokenMs - firstTokenMs) / 1000 / (generated - 1));
  }
}
