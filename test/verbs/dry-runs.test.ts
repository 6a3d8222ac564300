import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { history } from "../../src/verbs/history/history.ts";
import { publish } from "../../src/verbs/publish/publish.ts";
import { pitwall } from "../support/cli.ts";
import { git, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { sampleRun } from "../support/run-document.ts";

const env = { ...process.env, ...isolated, GITHUB_ACTIONS: "", GITHUB_TOKEN: "" };

/** A folder with a run document, and the verbs that are asked about it. */
async function measured() {
  const fixture = await createFixture({ "run.json": serializeRun(sampleRun) });
  const numbers = fixture.getPath("numbers.git");
  return {
    fixture,
    database: `${numbers}#nightly`,
    place: `nightly of ${numbers}`,
    tip: () => git(numbers, "rev-parse", "nightly"),
    async publish(given: object) {
      const tools = recordingTools({ env });
      await publish.run(publish.inputs.parse({ run: [fixture.getPath("run.json")], ...given }), tools);
      return tools.said.join("\n");
    },
    history: async (given: object) =>
      (await history.run(history.inputs.parse({ database: `${numbers}#nightly`, ...given }), recordingTools({ env })))
        .text,
    [Symbol.asyncDispose]: () => fixture.rm(),
  };
}

test("publish --dry-run says what would be published and where, and makes nothing", async () => {
  await using fixture = await createFixture({ "run.json": serializeRun(sampleRun) });
  const args = ["publish", "--run", "run.json", "--database", "numbers.git#nightly", "--dry-run"];
  const { exitCode, stderr } = await pitwall(args, fixture.path, env);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain(`would publish run ${sampleRun.id} to nightly of numbers.git`);
  expect(await fixture.exists("numbers.git")).toBe(false);
});

test("a dry run of what is there already says so, and of another document under the same id fails as publishing would", async () => {
  await using given = await measured();
  const { database, place } = given;
  await given.publish({ database });
  const tip = given.tip();
  expect(await given.publish({ database, dryRun: true })).toContain(`${sampleRun.id} already there, on ${place}`);
  await given.fixture.writeFile("run.json", serializeRun({ ...sampleRun, configuration: "other" }));
  await expect(given.publish({ database, dryRun: true })).rejects.toThrow(sampleRun.id);
  expect(given.tip()).toBe(tip);
});

test("publish --dry-run leaves a folder empty, and a path that could hold no history is an error", async () => {
  await using given = await measured();
  const { fixture } = given;
  await fixture.mkdir("shared");
  const shared = `folder:${fixture.getPath("shared")}`;
  expect(await given.publish({ database: shared, dryRun: true })).toContain(
    `would publish run ${sampleRun.id} to ${shared}`,
  );
  expect(await fixture.readdir("shared")).toEqual([]);
  const mistyped = { database: fixture.getPath("numbers"), dryRun: true };
  await expect(given.publish(mistyped)).rejects.toThrow("ends in .git");
});

test.each([
  ["rename", ["rename", "host", sampleRun.host.label, "rack-5"], {}],
  ["accept", ["accept", "*"], { from: [sampleRun.id] }],
  ["retract", ["retract", sampleRun.id], {}],
])("history %s says what it would do and where, and then what it did, with the commit", async (name, task, more) => {
  await using given = await measured();
  const { database, place, tip } = given;
  await given.publish({ database });
  const before = tip();
  const asked = { task, ...more, why: "the rack was numbered" };
  const dry = await given.history({ ...asked, dryRun: true });
  expect(dry).toContain(`would ${name}`);
  expect(dry).toContain(place);
  expect(tip()).toBe(before);
  expect(await given.history(asked)).toContain(`${place} as commit ${tip().slice(0, 10)}`);
  expect(tip()).not.toBe(before);
});

test("history retract --dry-run of a run that is not there fails as retracting would", async () => {
  await using given = await measured();
  await given.publish({ database: given.database });
  const asked = { task: ["retract", "20260101T000000Z-00000000"], why: "throttled", dryRun: true };
  await expect(given.history(asked)).rejects.toThrow("no such run");
});

test("run --dry-run lists the cells, says where the run would go, and starts nothing", async () => {
  await using fixture = await createFixture({});
  const run = ["run", "--dry-run", "--benchmarks", "latency-sweep", "--batch-sizes", "1,2", "--input-len", "16"];
  const { exitCode, stdout, stderr } = await pitwall([...run, "--database", "numbers.git"], fixture.path, env);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/latency-sweep\/in_16_out_128_bs_1\n.*bs_2\nwould measure 2 cells/);
  expect(stdout).toContain("would publish the run to pitwall-data of numbers.git and build the site in .pitwall/site");
  expect(await fixture.readdir("")).toEqual([]);
});
