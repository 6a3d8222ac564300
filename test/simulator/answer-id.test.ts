import { expect, test } from "vitest";
import { JSON_HEADERS } from "../support/json-headers.ts";
import { startSimulator } from "../support/simulator.ts";

async function answerId(url: string, headers: Record<string, string>): Promise<string> {
  const body = JSON.stringify({ model: "sim/tiny", prompt: [1, 2], max_tokens: 1 });
  const response = await fetch(`${url}/v1/completions`, {
    method: "POST",
    body,
    headers: { ...JSON_HEADERS, ...headers },
  });
  return ((await response.json()) as { id: string }).id;
}

test("an answer has the id of its request, as in the truth log, whatever that holds", async () => {
  await using simulator = await startSimulator();
  expect(await answerId(simulator.url, { "x-request-id": 'mine "1"' })).toBe('cmpl-mine "1"');
  expect(await answerId(simulator.url, {})).toBe("cmpl-simulated-2");
});
