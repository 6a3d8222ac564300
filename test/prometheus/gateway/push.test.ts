import { describe, expect, test } from "vitest";
import { parseGateway } from "../../../src/prometheus/gateway/address.ts";
import { openGateway } from "../../../src/prometheus/gateway/gateway.ts";
import { pushGroups } from "../../../src/prometheus/gateway/push.ts";
import type { Group } from "../../../src/prometheus/group.ts";
import { fakePushgateway } from "../../support/fake-pushgateway.ts";

const group: Group = {
  labels: { model: "org/m", stage: "performance" },
  families: [
    { name: "a_seconds", help: "A.", samples: [{ labels: { quantile: "0.5" }, value: 1e-7 }] },
    { name: "b", help: "B.", samples: [{ labels: {}, value: 3 }] },
  ],
};
const NOW = 1_700_000_000_123;

/** @returns why it was refused, of one that was */
async function pushTo(address: string, { answerWithinMs = 5000, pushed = group } = {}): Promise<string | undefined> {
  const { signal } = new AbortController();
  const gateway = openGateway(parseGateway(address, {}), { signal, answerWithinMs });
  const push = { job: "nightly", groups: [pushed], now: () => NOW };
  return (await pushGroups(gateway, push, { tries: 3, firstWaitMs: 1 })).get(pushed);
}

describe("a push", () => {
  test("is done once the gateway holds its numbers and its time", async () => {
    using gateway = await fakePushgateway();
    await pushTo(gateway.url);
    const labels = { job: "nightly", model: "org/m", stage: "performance" };
    expect(gateway.series()).toEqual([
      { name: "a_seconds", labels: { ...labels, quantile: "0.5" }, value: 1e-7 },
      { name: "b", labels, value: 3 },
      { name: "pitwall_push_timestamp_seconds", labels, value: 1_700_000_000.123 },
    ]);
  });

  test("takes away what its group has no number for any more, and nothing of another stage", async () => {
    using gateway = await fakePushgateway();
    await pushTo(gateway.url);
    await pushTo(gateway.url, { pushed: { ...group, labels: { ...group.labels, stage: "functional" } } });
    await pushTo(gateway.url, { pushed: { ...group, families: [group.families[0]!] } });
    const numbers = gateway.series().map(({ name, labels }) => `${labels.stage} ${name}`);
    expect(numbers).toContain("functional b");
    expect(numbers).not.toContain("performance b");
  });

  test("is refused with the gateway's own words, made plain", async () => {
    using gateway = await fakePushgateway("refuses");
    expect(await pushTo(gateway.url)).toBe(
      `${gateway.url} refuses a push with status 400: pushed metrics are invalid: two types`,
    );
    expect(gateway.asked).toHaveLength(1);
  });

  test("fails with the status of a gateway that fails", async () => {
    using gateway = await fakePushgateway("fails");
    expect(await pushTo(gateway.url)).toContain("status 500: disk full");
  });

  test("is tried again where the gateway has too much to do, or closed the connection", async () => {
    for (const manner of ["busy-once", "closes-once"] as const) {
      using gateway = await fakePushgateway(manner);
      await pushTo(gateway.url);
      expect(gateway.asked.filter(({ line }) => line.startsWith("PUT"))).toHaveLength(2);
    }
  });

  test("whose connection is closed each time is perhaps rejected, and never a success", async () => {
    using gateway = await fakePushgateway("closes");
    const closed = "closed the connection in place of an answer";
    await expect(pushTo(gateway.url)).rejects.toThrow(
      new RegExp(`${closed} .*: perhaps it rejected model=org/m stage=performance, for it does not hold it`),
    );
    gateway.state.manner = "takes";
    await pushTo(gateway.url);
    gateway.state.manner = "closes";
    await expect(pushTo(gateway.url)).rejects.toThrow(/closed the connection .* although it holds the numbers/);
  });

  test("that was answered with 200 and not kept is no success", async () => {
    using gateway = await fakePushgateway("forgets");
    await expect(pushTo(gateway.url)).rejects.toThrow(/took model=org\/m stage=performance, but does not hold it/);
  });

  test("ends where no answer comes in time", async () => {
    using gateway = await fakePushgateway("hangs");
    await expect(pushTo(gateway.url, { answerWithinMs: 100 })).rejects.toThrow("gives no answer within 0.1 s");
  });

  test("follows no redirect, and shows no password of it", async () => {
    using gateway = await fakePushgateway("redirects");
    const { host } = new URL(gateway.url);
    const pushed = pushTo(`http://me:secret@${host}`);
    await expect(pushed).rejects.toThrow(
      `${gateway.url} answers with a redirect to http://127.0.0.1:1/elsewhere, which is not followed`,
    );
    expect(gateway.asked).toHaveLength(1);
  });

  test("opens the gateway with user and password, of which no message tells", async () => {
    using gateway = await fakePushgateway("fails");
    expect(await pushTo(gateway.url.replace("//", "//me:secret@"))).not.toContain("secret");
    expect(gateway.asked[0]!.authorization).toBe(`Basic ${Buffer.from("me:secret").toString("base64")}`);
  });

  test("to an address where nobody listens says so after its tries", async () => {
    const gateway = await fakePushgateway();
    gateway[Symbol.dispose]();
    await expect(pushTo(gateway.url)).rejects.toThrow(`${gateway.url} cannot be reached`);
  });
});
