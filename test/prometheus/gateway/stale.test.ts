import { expect, test } from "vitest";
import { parseGateway } from "../../../src/prometheus/gateway/address.ts";
import { openGateway } from "../../../src/prometheus/gateway/gateway.ts";
import { pushGroups } from "../../../src/prometheus/gateway/push.ts";
import { deleteStale } from "../../../src/prometheus/gateway/stale.ts";
import { fakePushgateway } from "../../support/fake-pushgateway.ts";

const ONCE = { tries: 1, firstWaitMs: 1 };
const open = (url: string) =>
  openGateway(parseGateway(url, {}), { signal: new AbortController().signal, answerWithinMs: 5000 });

test("groups of the job that were not pushed for long are deleted, and no others", async () => {
  using server = await fakePushgateway();
  const gateway = open(server.url);
  const push = (job: string, model: string, now: number) =>
    pushGroups(gateway, { job, groups: [{ labels: { model, scenario: "" }, families: [] }], now: () => now }, ONCE);
  await push("nightly", "old/model", 1000);
  await push("nightly", "new", 9000);
  await push("weekly", "old/model", 1000);
  await fetch(`${server.url}/metrics/job/nightly/model/foreign`, { method: "PUT", body: "theirs 1\n" });

  const deleted = await deleteStale(gateway, { job: "nightly", before: 5 });

  expect(deleted.map(({ labels }) => labels)).toEqual([{ model: "old/model", scenario: "" }]);
  const left = [...server.groups.values()].map(({ labels }) => `${labels.job} ${labels.model}`);
  expect(left).toEqual(["nightly new", "weekly old/model", "nightly foreign"]);
});

test("a gateway that deletes nothing is an error", async () => {
  using server = await fakePushgateway();
  const gateway = open(server.url);
  await pushGroups(gateway, { job: "j", groups: [{ labels: {}, families: [] }], now: () => 1000 }, ONCE);
  server.state.manner = "fails";
  await expect(deleteStale(gateway, { job: "j", before: 5 })).rejects.toThrow("deletes no stale group: status 500");
  server.state.manner = "forgets";
  await expect(deleteStale(gateway, { job: "j", before: 5 })).rejects.toThrow("but holds some still");
});
