import { estimateSeconds } from "../../experiment/estimate.ts";
import { roughDurationText } from "../../report/text/duration-text.ts";
import { counted } from "../../result/counted.ts";
import type { Tools } from "../../tools.ts";
import { historyHome } from "../history/home.ts";
import type { Outcome } from "../verb.ts";
import type { RunInputs } from "./inputs.ts";
import { planRun } from "./measure.ts";

/** What a run would do, and where it would leave what, without doing any of it. */
export async function dryRun(inputs: RunInputs, { env }: Tools): Promise<Outcome> {
  const { cells } = await planRun(inputs);
  const { place } = await historyHome(inputs, env);
  const text = [
    ...cells.map(({ id }) => id),
    `would measure ${counted(cells.length, "cell")}, in about ${roughDurationText(estimateSeconds(cells))} (a rough guess)`,
    `would publish the run to ${place}${inputs.skipSite ? "" : ` and build the site in ${inputs.site}`}`,
  ];
  return { ok: true, outputs: { published: false, sitePath: null }, text: text.join("\n") };
}
