import { expect, test } from "vitest";
import type { ClientEnd } from "../../../src/load/client/serving-client.ts";
import { measureRepeatedly } from "../../../src/load/strategy/measure-repeatedly.ts";
import type { Strategy } from "../../../src/load/strategy/serving-cell.ts";
import { CLIENT_FAILED, LOAD, measured, playing } from "../serving-ends.ts";

type Repeating = Extract<Strategy, { kind: "repeat" | "until-ci" }>;
const untilCi = (changes: object = {}): Repeating => ({
  kind: "until-ci",
  plan: { target: 0.05, least: 3, most: 6 },
  metric: "e2el_ms",
  ...changes,
});
const isGood = (end: ClientEnd) =>
  "measurement" in end &&
  end.measurement.kind === "requests" &&
  end.measurement.requests.errors.every((error) => error === null);

async function repeat(strategy: Repeating, ...ends: ClientEnd[]) {
  const client = playing(...ends);
  const told: string[] = [];
  const end = await measureRepeatedly(LOAD, strategy, {
    attempt: client.attempt,
    isGood,
    diagnose: async () => undefined,
    tell: (line) => void told.push(line),
  });
  return { end, told, asked: client.asked };
}
const countOf = (end: object) => (end as { measurement: { repeats: unknown[] } }).measurement.repeats.length;

test("measures as often as asked, with other prompts each time and one warm-up", async () => {
  const { end, told, asked } = await repeat({ kind: "repeat", times: 3 }, measured(30), measured(40), measured(50));
  expect(end).toMatchObject({ warmupSeconds: 3, measuredSeconds: 6, measurement: { kind: "repeated" } });
  expect(countOf(end)).toBe(3);
  expect(asked.map(({ tag, load }) => [tag, load.warmupRequests])).toEqual([
    ["repeat_1", 5],
    ["repeat_2", 0],
    ["repeat_3", 0],
  ]);
  expect(asked[0]!.load).toEqual(LOAD);
  expect(new Set(asked.map(({ load }) => load.seed)).size).toBe(3);
  expect(told[1]).toBe("repeat 2: output_throughput_tok_s 3.00, ttft_ms 20.00, tpot_ms 10.00");
});

test("asks for the same prompts when the whole is measured again", async () => {
  const seeds = async () => {
    const { asked } = await repeat({ kind: "repeat", times: 3 }, measured(30));
    return asked.map(({ load }) => load.seed);
  };
  expect(await seeds()).toEqual(await seeds());
});

test("stops as soon as the interval is narrow enough, but not before the fewest", async () => {
  const { end } = await repeat(untilCi(), measured(30));
  expect(countOf(end)).toBe(3);
  const late = await repeat(untilCi(), measured(30), measured(33), measured(31), measured(31.5));
  expect(countOf(late.end)).toBeGreaterThan(3);
});

test("stops at the most, however wide the interval is, and says so", async () => {
  const wild = [10, 90, 20, 80, 30, 70, 40].map((latency) => measured(latency));
  const { end, told } = await repeat(untilCi(), ...wild);
  expect(countOf(end)).toBe(6);
  expect(told.at(-1)).toBe("after 6 repeats the interval of e2el_ms is still wider than ± 5 % of its mean");
});

test("does not go on for a metric that the client never reports, and says so", async () => {
  const { asked, told } = await repeat(untilCi({ metric: "latency_s" }), measured(30));
  expect(asked).toHaveLength(1);
  expect(told.at(-1)).toBe("the client reports no latency_s, so nothing says how often to repeat");
});

test("ends with the first try that is not good, which stays for the gate to name", async () => {
  const { end, asked } = await repeat(
    { kind: "repeat", times: 5 },
    measured(30),
    measured(30, { error: "cut_off: gone" }),
  );
  expect(asked).toHaveLength(2);
  expect(countOf(end)).toBe(2);
});

test("keeps what was measured before the client itself failed, and all the time that went", async () => {
  const { end } = await repeat({ kind: "repeat", times: 5 }, measured(30), CLIENT_FAILED);
  expect(end).toMatchObject({ warmupSeconds: 4, measuredSeconds: 6, failure: { reason: "client_failed" } });
  expect(countOf(end)).toBe(1);
});

test("a client that fails at once leaves its failure and nothing else", async () => {
  const { end } = await repeat({ kind: "repeat", times: 5 }, CLIENT_FAILED);
  expect(end).toEqual(CLIENT_FAILED);
});

test("joins health and telemetry of all, and has neither where no try had", async () => {
  const telemetry = { engine: { samples: 2, preemptions: 1 }, warnings: ["hot"] };
  const { end } = await repeat({ kind: "repeat", times: 2 }, { ...measured(30), telemetry });
  expect(end).toMatchObject({
    health: { cpuSeconds: 2 },
    telemetry: { engine: { samples: 4, preemptions: 2 }, warnings: ["hot"] },
  });
  const { health, ...bare } = measured(30);
  const poor = await repeat({ kind: "repeat", times: 2 }, bare);
  expect(poor.end).not.toHaveProperty("health");
  expect(poor.end).not.toHaveProperty("telemetry");
});
