import { z } from "zod";
import { UserError } from "../../errors.ts";
import { parseLabel } from "../../prometheus/user-label.ts";
import { choice, commonInputs, fileList, flag, parsed, parsedList, secret, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { parseMoment } from "../schema/moment.ts";

const RUN_TYPES = ["pr", "daily"] as const;

function parsePrefix(given: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(given)) return given;
  throw new UserError("must be letters, digits and underscores, no digit first");
}

function parseRepository(given: string): string {
  if (/^[\w.-]+\/[\w.-]+$/.test(given)) return given;
  throw new UserError("must be OWNER/NAME, as GitHub shows it");
}

export const PushMetricsInputs = z.strictObject({
  ...commonInputs,
  ...inGroup("What to do", {
    run: fileList("Run documents whose numbers are pushed (default: run.json of the working folder).").optional(),
    csv: text(
      "Push the means of a file of loads instead: concurrency,input_len,output_len,latency_p50_ms,throughput_rps, or a summary of acs-bench.",
      "FILE",
    ).optional(),
    runType: choice(RUN_TYPES, "What kind of run it was: only the numbers of a daily one are pushed.").default("pr"),
    dryRun: flag("Only say what would be pushed, and where; contacts nobody.").default(false),
    mainRepository: parsed(
      parseRepository,
      "The repository whose jobs may push; those of any other, as of a fork, push nothing.",
      "OWNER/NAME",
    ).optional(),
    deleteStale: parsed(
      parseMoment,
      "Then delete groups of the job that were last pushed before; 30d is 30 days back.",
      "DATE|DAYSd",
    ).optional(),
  }),
  ...inGroup("Prometheus", {
    gatewayUrl: text(
      "Address of the Pushgateway; user and password may stand in it (default: PROM_PUSHGATEWAY_URL of the environment).",
      "URL",
    ).optional(),
    gatewayUser: text("User that opens the Pushgateway.", "NAME").optional(),
    gatewayPassword: secret("Password of that user.").optional(),
    job: text("Job of all groups.", "NAME").default("pitwall"),
    label: parsedList(
      parseLabel,
      "Label of all numbers; goes before what documents say of model, quant and host.",
      "K=V",
    ).default([]),
    scenario: text("Label scenario of all numbers.", "NAME").optional(),
    prefix: parsed(
      parsePrefix,
      "What the names of all numbers begin with that have no name of vllm_cibench.",
      "NAME",
    ).default("pitwall"),
    perCase: flag("Push each functional case as a number of its own, too.").default(false),
    textfile: text(
      "Write the numbers also into this file, for node_exporter's textfile collector; its name must end in .prom.",
      "FILE",
    ).optional(),
  }),
});
export type PushMetricsInputs = z.output<typeof PushMetricsInputs>;
