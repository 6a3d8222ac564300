import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { buildOwnSite } from "../../../src/verbs/run/once.ts";
import { run } from "../../../src/verbs/run/run.ts";
import { recordingTools } from "../../support/recording-tools.ts";

test("a site that is cancelled is a failure of which the run can tell, for its numbers are published by then", async () => {
  await using home = await createFixture({ "database/pitwall.json": '{"schema":"pitwall.database/1"}\n' });
  const places = { database: home.getPath("database"), site: home.getPath("site"), output: home.getPath("out") };
  const tools = recordingTools({ signal: AbortSignal.abort(new Error("ended by SIGINT")) });
  const building = buildOwnSite(run.inputs.parse({ ...places, engine: "simulated" }), tools);
  await expect(building).rejects.toThrow(
    new UserError("cancelled: the site was not built; what stood there before is untouched"),
  );
});
