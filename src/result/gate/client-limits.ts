import { closest } from "fastest-levenshtein";
import { UserError } from "../../errors.ts";
import type { ClientHealth } from "../document/cell.ts";
import { samplesNeeded } from "../metrics/distribution.ts";

/**
 * Beyond these the client, not the engine, set the numbers. Why these, and not others:
 * - utilization: an event waits for those before it, on average u ÷ (1 − u) times as long as handling one takes. At 0.85
 *   that is 6 times, and from there it doubles with every few percent more.
 * - send-delay-ms, loop-delay-ms: on shared machines the operating system itself wakes a process some 10 ms late now and
 *   then, which is noise; later than 25 ms in one of a hundred cases is the size of a first token's time itself.
 * - achieved-rate: a schedule scaled to its last send is met within 0.5 % by a client that keeps up.
 */
export const CLIENT_LIMITS = {
  utilization: 0.85,
  "send-delay-ms": 25,
  "loop-delay-ms": 25,
  "achieved-rate": 0.98,
} as const;

type LimitName = keyof typeof CLIENT_LIMITS;
/** A limit that is absent is not judged by. */
export type ClientLimits = Partial<Record<LimitName, number>>;

const LIMIT_NAMES = Object.keys(CLIENT_LIMITS) as LimitName[];

/** What must be known of the load to judge by the rate: both of these hold sends back for the engine's sake. */
export interface LoadFacts {
  /** Requests that failed. */
  failed: number;
  /** Whether a limit of concurrency made requests wait. */
  heldBack: boolean;
  /** Requests sent, each a sample of lateness. */
  sent: number;
  /** Length of the measured part; the event loop's delay has a sample every 10 ms of it. */
  seconds: number;
}

const DELAY_SAMPLES_PER_SECOND = 100;

/** With fewer samples the 99th percentile is but the greatest: one hiccup of the machine, and no reason to fail a cell. */
const isKnown = (samples: number) => samples >= samplesNeeded(99);

/** The limits that the client went beyond, a sentence each; none means that it kept up. */
export function judgeClient(
  health: ClientHealth,
  { failed, heldBack, sent, seconds }: LoadFacts,
  limits: ClientLimits,
): string[] {
  const { eventLoopUtilization, sendDelayP99Ms, eventLoopDelayP99Ms, achievedRateRatio } = health;
  const rate = failed === 0 && !heldBack ? achievedRateRatio : undefined;
  const isAbove = (name: LimitName, value: number) => limits[name] !== undefined && value > limits[name];
  const sentences: string[] = [];
  if (isAbove("utilization", eventLoopUtilization)) {
    sentences.push(`its event loop was ${percent(eventLoopUtilization)} busy, above ${percent(limits.utilization!)}`);
  }
  if (isKnown(sent) && isAbove("send-delay-ms", sendDelayP99Ms)) {
    sentences.push(
      `1 % of the requests went out ${ms(sendDelayP99Ms)} late or later, above ${limits["send-delay-ms"]} ms`,
    );
  }
  if (isKnown(seconds * DELAY_SAMPLES_PER_SECOND) && isAbove("loop-delay-ms", eventLoopDelayP99Ms)) {
    sentences.push(
      `its event loop was held up for ${ms(eventLoopDelayP99Ms)} at p99, above ${limits["loop-delay-ms"]} ms`,
    );
  }
  if (rate !== undefined && limits["achieved-rate"] !== undefined && rate < limits["achieved-rate"]) {
    sentences.push(`it sent ${percent(rate)} of the rate asked for, below ${percent(limits["achieved-rate"])}`);
  }
  return sentences;
}

/**
 * Reads `utilization=0.9,send-delay-ms=50`: the limits that are named change, `off` for one drops it, the others stay.
 * `off` alone drops all.
 * @throws UserError for an unknown name or a value that is no number above 0
 */
export function parseClientLimits(text: string): ClientLimits {
  if (text.trim() === "off") return {};
  const limits: ClientLimits = { ...CLIENT_LIMITS };
  for (const part of text.split(",")) {
    const [name = "", value = "", ...rest] = part.split("=").map((side) => side.trim());
    if (value === "" || rest.length > 0) {
      throw new UserError(
        `“${part.trim()}” is no limit of the client; write name=number, as in utilization=0.9, or off alone`,
      );
    }
    const known = LIMIT_NAMES.find((one) => one === name);
    if (known === undefined) {
      const hint = `did you mean “${closest(name, LIMIT_NAMES)}”? Known are ${LIMIT_NAMES.join(", ")}`;
      throw new UserError(`unknown limit of the client “${name}”; ${hint}`);
    }
    if (value === "off") delete limits[known];
    else limits[known] = limitOf(known, value);
  }
  return limits;
}

function limitOf(name: LimitName, text: string): number {
  const value = Number(text);
  const isShare = name === "utilization" || name === "achieved-rate";
  if (value > 0 && Number.isFinite(value) && (!isShare || value <= 1)) return value;
  throw new UserError(`${name}=${text}: give ${isShare ? "a share above 0, up to 1" : "milliseconds above 0"}, or off`);
}

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
const ms = (value: number) => `${value.toFixed(1)} ms`;
