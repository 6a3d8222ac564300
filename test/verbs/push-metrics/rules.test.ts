import { describe, expect, test } from "vitest";
import { whyNotPushed } from "../../../src/verbs/push-metrics/rules.ts";

const allowed = {
  ...{ dryRun: false, runType: "daily", hasGateway: true, mainRepository: "octo/llm", repository: "octo/llm" },
  ...{ isForkJob: false, simulated: [], groups: 1 },
};

describe("a push", () => {
  test("is allowed for a daily run of the main repository with a gateway, and on a machine of one's own", () => {
    expect(whyNotPushed(allowed)).toBeUndefined();
    expect(whyNotPushed({ ...allowed, repository: "Octo/LLM" })).toBeUndefined();
    expect(whyNotPushed({ ...allowed, repository: undefined, mainRepository: undefined })).toBeUndefined();
  });

  test.each([
    [{ dryRun: true }, "dry-run", "this is a dry run"],
    [{ runType: "pr" }, "run-type", "only daily runs are pushed, and this one is “pr” (--run-type)"],
    [{ hasGateway: false }, "gateway", "there is no address of a Pushgateway (--gateway-url or PROM_PUSHGATEWAY_URL)"],
    [{ repository: "fork/llm" }, "main-repository", "this job is of fork/llm, and only those of octo/llm push"],
    [
      { mainRepository: undefined },
      "main-repository",
      "nobody says whether octo/llm is the main repository (--main-repository OWNER/NAME)",
    ],
    [{ isForkJob: true }, "fork", "this is a pull request from a fork"],
    [{ simulated: ["run.json"] }, "simulated", "the numbers of run.json are simulated"],
    [{ groups: 0 }, "no-numbers", "nothing was measured"],
  ])("with %j is not, and says why", (change, rule, reason) => {
    expect(whyNotPushed({ ...allowed, ...change })).toEqual({ rule, reason });
  });
});
