import { z } from "zod";
import { UserError } from "../../src/errors.ts";
import { joined, md } from "../../src/foreign-text/markdown.ts";
import { runAction } from "../../src/github/run-action.ts";
import { savePostState } from "../../src/github/state.ts";
import { choice, commonInputs, secret } from "../../src/verbs/schema/fields.ts";
import { integerList } from "../../src/verbs/schema/number-fields.ts";
import { defineVerb } from "../../src/verbs/verb.ts";

const ENDS = [
  ...[
    "ok",
    "cell-failed",
    "many-failed",
    "many-errors",
    "user-error",
    "bug",
    "cancelled",
    "huge-output",
    "huge-summary",
  ],
] as [string, ...string[]];
const failure = (name: string, detail = "it died") =>
  ({ what: "cell", name, reason: "engine_crashed", detail }) as const;

/** A verb that does nothing but end in the way it is told to: the program of a step in the tests of runAction. */
const fake = defineVerb({
  name: "fake",
  description: "Ends as it is told to.",
  inputs: z.strictObject({
    ...commonInputs,
    end: choice(ENDS, "How it ends.").default("ok"),
    batchSizes: integerList("Numbers.").default([1]),
    slackWebhook: secret("A secret.").optional(),
  }),
  outputs: { batchSizes: "What was asked.", runFile: "A path." },
  async run({ end, output, batchSizes, slackWebhook }, { report, signal }) {
    report.info(`secret ${slackWebhook}, output ${output}`);
    if (end === "user-error") throw new UserError("port 8000 is taken: choose another with port");
    if (end === "bug") throw new TypeError("no such property");
    if (end === "cancelled") await aborted(signal, () => report.info("waiting to be cancelled"));
    if (end === "many-errors") for (let i = 0; i < 30; i += 1) report.error(`problem ${i}`);
    const ok = end === "ok" || end.startsWith("huge");
    const many = Array.from({ length: 38 }, (_, i) => failure(`serve-benchmark/${i}`));
    return {
      ok,
      outputs: {
        batchSizes: batchSizes.map(String),
        runFile: end === "huge-output" ? "x".repeat(500_001) : "run.json",
        cellsFailed: ok ? 0 : 1,
        sitePath: null,
      },
      summary: end === "huge-summary" ? joined(Array(50_000).fill(md`line of text`), "\n") : md`# Summary: ${end}`,
      ...(ok ? {} : { failures: end === "many-failed" ? many : [failure("serve-benchmark/one")] }),
    };
  },
});

function aborted(signal: AbortSignal, whenListening: () => void): Promise<void> {
  return new Promise((resolve) => {
    const stayAlive = setInterval(() => {}, 1000);
    signal.addEventListener("abort", () => resolve(clearInterval(stayAlive)));
    whenListening();
  });
}

await runAction(fake, { beforeRun: ({ output }) => savePostState({ output }) });
