import { UsageError } from "../../errors.ts";
import { writeFileAtomically } from "../../files.ts";
import { expositionText } from "../../prometheus/exposition.ts";
import { type GatewayAddress, parseGateway } from "../../prometheus/gateway/address.ts";
import { groupingPath } from "../../prometheus/gateway/grouping-path.ts";
import { type Group, groupFamilies } from "../../prometheus/group.ts";
import { counted } from "../../result/counted.ts";
import type { Tools } from "../../tools.ts";
import { isForkJob } from "../publish/fork.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { changeGateway } from "./change-gateway.ts";
import { PushMetricsInputs } from "./inputs.ts";
import { type Numbers, readNumbers } from "./numbers.ts";
import { type NotPushed, whyNotPushed } from "./rules.ts";

export const pushMetrics = defineVerb({
  name: "push-metrics",
  description: "Pushes the numbers of a daily run to a Prometheus Pushgateway, and reads them back.",
  inputs: PushMetricsInputs,
  outputs: {
    pushed: "true when the gateway holds all of the numbers.",
    rule: "The rule that forbade it: dry-run, run-type, gateway, main-repository, fork, simulated or no-numbers.",
    reason: "The same in words.",
    groups: "Groups that were pushed; of a dry run, those that would be.",
    numbers: "Numbers that there are.",
    deleted: "Stale groups that were deleted.",
  },
  run: pushNumbers,
});

/** The story: what there is, whether it may go, and that it is there then. */
async function pushNumbers(inputs: PushMetricsInputs, tools: Tools): Promise<Outcome> {
  refuseTogether(inputs);
  const address = addressIn(inputs, tools.env);
  const found = await readNumbers(inputs);
  const why = await whyNot(inputs, address !== undefined, found, tools.env);
  await writeTextfile(inputs, found, tools);
  const numbers = found.groups.flatMap(({ families }) => families.flatMap(({ samples }) => samples)).length;
  const planned = inputs.dryRun ? found.groups.length : 0;
  const outputs = { pushed: false, rule: null, reason: null, groups: planned, numbers, deleted: 0, ...why };
  if (why !== undefined) tools.report.info(`not pushed: ${why.reason}`);
  const onlyDeletes = why?.rule === "no-numbers" && inputs.deleteStale !== undefined;
  if (address === undefined || (why !== undefined && !onlyDeletes)) {
    return { ok: true, outputs, ...(inputs.dryRun ? { text: planText(found.groups, inputs, address) } : {}) };
  }
  const { pushed, refused, deleted } = await changeGateway(address, found.groups, inputs, tools);
  if (pushed > 0) tools.report.info(`${counted(pushed, "group")} pushed to ${address.base} and read back`);
  return {
    ok: refused === 0,
    outputs: { ...outputs, pushed: refused === 0 && pushed > 0, groups: pushed, deleted },
  };
}

/** @throws UsageError for flags of which only one can be meant, or a file that nobody would read */
function refuseTogether({ run, csv, textfile }: PushMetricsInputs): void {
  if (run !== undefined && csv !== undefined) throw new UsageError("give either --run or --csv");
  if (textfile !== undefined && !textfile.endsWith(".prom")) {
    throw new UsageError(`--textfile: node_exporter reads files that end in .prom, and not ${textfile}`);
  }
}

/** @throws UsageError for what is no address */
function addressIn({ gatewayUrl, gatewayUser: user, gatewayPassword: password }: PushMetricsInputs, env: Tools["env"]) {
  const given = gatewayUrl ?? (env.PROM_PUSHGATEWAY_URL || undefined);
  return given === undefined ? undefined : parseGateway(given, { user, password });
}

async function whyNot(
  { dryRun, runType, mainRepository }: PushMetricsInputs,
  hasGateway: boolean,
  { groups, simulated }: Numbers,
  env: Tools["env"],
): Promise<NotPushed | undefined> {
  const job = { repository: env.GITHUB_REPOSITORY || undefined, isForkJob: await isForkJob(env) };
  return whyNotPushed({ dryRun, runType, mainRepository, hasGateway, simulated, groups: groups.length, ...job });
}

/** No rule of a common gateway holds for this machine's own Prometheus; but simulated numbers are nobody's. */
async function writeTextfile(
  { textfile, dryRun }: PushMetricsInputs,
  { groups, simulated }: Numbers,
  { report }: Tools,
): Promise<void> {
  if (textfile === undefined || dryRun) return;
  if (simulated.length > 0) return report.warning(`${textfile} is left as it is: simulated numbers go into no file`);
  await writeFileAtomically(textfile, expositionText(groupFamilies(groups, Date.now())));
  report.info(`written to ${textfile}`);
}

/** What a dry run would do, group by group. */
function planText(groups: readonly Group[], { job }: PushMetricsInputs, address: GatewayAddress | undefined): string {
  const base = address?.base ?? "";
  const parts = groups.map(
    ({ labels, families }) => `PUT ${base}${groupingPath(job, labels)}\n${expositionText(families)}`,
  );
  return parts.join("\n").trimEnd();
}
