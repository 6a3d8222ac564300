import { spawnSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { VERBS } from "../../src/verbs/registry.ts";
import { CLI, pitwall } from "../support/cli.ts";
import { sampleRun } from "../support/run-document.ts";

describe("help", () => {
  test("lists every verb", async () => {
    const { exitCode, stdout } = await pitwall(["--help"]);
    expect(exitCode).toBe(0);
    for (const { name } of VERBS) expect(stdout).toContain(`  ${name} `);
  });

  test("of a verb lists every input that is no secret, with its default", async () => {
    const { stdout } = await pitwall(["latency-sweep", "--help"]);
    expect(stdout).toMatch(/--batch-sizes <1,2,4 or 1-8>[\s\S]*\(default: 1,2,3,4,5,6,7,8\)/);
    expect(stdout).toMatch(/--warmup <N>[\s\S]*\(default: 10\)/);
    const notify = await pitwall(["notify", "--help"]);
    expect(notify.stdout).not.toContain("--slack-webhook");
    expect(notify.stdout).toContain("PITWALL_SLACK_WEBHOOK");
  });
});

test("a reader that has seen enough, as in `pitwall … | head`, is no error", () => {
  const command = `"${process.execPath}" "${CLI}" history --database fake_db --statistic all --format csv`;
  const script = `{ ${command}; echo "exit $?" >&2; } | head -n 1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: PACKAGE_ROOT, encoding: "utf8" });
  expect(stdout).toMatch(/^startedAt,[^\n]*\n$/);
  expect(stderr).toBe("exit 0\n");
});

describe("a standard output that takes nothing", () => {
  const redirected = (command: string) =>
    spawnSync("sh", ["-c", `"${process.execPath}" "${CLI}" ${command}`], {
      cwd: PACKAGE_ROOT,
      encoding: "utf8",
    });

  test.each(["history --database fake_db", "history --database fake_db --json", "--help", "--version"])(
    "fails %s with a sentence that names it",
    (command) => {
      const { stderr, status } = redirected(`${command} > /dev/full`);
      expect(stderr).toBe(
        "error: could not write to standard output: no space is left on the disk; free some, and try again\n",
      );
      expect(status).toBe(1);
    },
  );

  test("that was opened for reading alone is one, too", () => {
    const { stderr, status } = redirected("--version 1< /dev/null");
    expect(stderr).toBe("error: could not write to standard output: it was not opened for that\n");
    expect(status).toBe(1);
  });
});

test("a log that takes nothing ends no work: the result comes as ever", () => {
  const command = `"${process.execPath}" "${CLI}" notify --json 2> /dev/full`;
  const { stdout, status } = spawnSync("sh", ["-c", command], { cwd: PACKAGE_ROOT, encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual({ sent: false });
  expect(status).toBe(0);
});

describe("wrong use ends with 2 and names the nearest right one", () => {
  test.each([
    [["runn"], "there is no command “runn”: did you mean “run”?"],
    [["runn", "--help"], "there is no command “runn”: did you mean “run”?"],
    [["--help", "runn"], "there is no command “runn”: did you mean “run”?"],
    [["help", "runn"], "there is no command “runn”: did you mean “run”?"],
    [["bench"], "pitwall run measures everything; serve-benchmark, latency-sweep"],
    [["benchmark"], "pitwall run measures everything"],
    [["init"], "there is nothing to set up: pitwall run --preset demo tries it"],
    [["diff", "a", "b"], "pitwall history shows the numbers of several runs"],
    [["serve"], "pitwall start-engine starts an engine"],
    [["start"], "pitwall start-engine starts an engine"],
    [["stop"], "pitwall start-engine --stop stops the engine"],
    [["plot"], "pitwall build-site makes a site"],
    [["push"], "pitwall publish puts run documents on the data branch"],
    [["db"], "pitwall history shows the numbers of the data branch"],
    [["run", "--batch-size", "4"], "Did you mean --batch-sizes?"],
    [["latency-sweep", "--batch-sizes", "8-1"], "--batch-sizes: the range 8-1 ends before it starts; write 1-8"],
    [["latency-sweep", "--batch-sizes", "1-8:0"], "the step of 1-8:0 must be more than 0"],
    [["latency-sweep", "--input-len", "0"], "--input-len: must be 1 or more"],
    [["latency-sweep", "--output-len", "-4"], "--output-len: must be 1 or more"],
    [["serve-benchmark", "--request-rate", "0"], "--request-rate"],
    [["serve-benchmark", "--request-rate", "-3"], "--request-rate"],
    [["run", "--engine", "vllm"], "--engine vllm needs a --model"],
    [
      ["run", "--preset", "stanard"],
      "--preset: must be one of sanity, demo, quick, standard; did you mean “standard”?",
    ],
    [["run", "--config", "nowhere.yml"], "nowhere.yml does not exist"],
  ])("%j", async (args, message) => {
    const { exitCode, stderr } = await pitwall(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test("no verb at all shows the help", async () => {
    const { exitCode, stderr } = await pitwall([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Usage: pitwall");
  });

  test("an unknown key in pitwall.yml", async () => {
    await using folder = await createFixture({ "pitwall.yml": "batch-size: 4\n" });
    const { exitCode, stderr } = await pitwall(["doctor"], folder.path);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("did you mean “batch-sizes”?")]);
  });
});

test("a secret in pitwall.yml is refused", async () => {
  await using folder = await createFixture({ "pitwall.yml": "slack-webhook: https://hooks.example/secret\n" });
  const { exitCode, stderr } = await pitwall(["validate"], folder.path);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("unknown key “slack-webhook”")]);
  expect(stderr).not.toContain("hooks.example");
});

test("a program in a folder with a space in its name is found", async () => {
  await using folder = await createFixture({ "with space/git": "" });
  const path = folder.getPath("with space/git");
  await writeFile(path, "#!/bin/sh\necho git version 2.99\n");
  await chmod(path, 0o755);
  const { stdout } = await pitwall(["doctor"], folder.path, {
    PATH: `${folder.getPath("with space")}:${process.env.PATH}`,
  });
  expect(stdout).toContain("git version 2.99");
});

describe("validate", () => {
  test("takes good files of every kind", async () => {
    await using folder = await createFixture({
      "pitwall.yml": "engine: simulated\nbatch-sizes: 1-4\n",
      "run.json": JSON.stringify(sampleRun),
    });
    const { exitCode, stderr, stdout } = await pitwall(["validate", "pitwall.yml", "run.json", "--json"], folder.path);
    expect(stderr).toContain("✓ run.json: a good pitwall.run/1");
    expect(JSON.parse(stdout)).toEqual({ valid: true, problems: [] });
    expect(exitCode).toBe(0);
  });

  test.each([
    ["truncated", JSON.stringify(sampleRun).slice(0, 200), "is not valid JSON"],
    ["with a number as text", JSON.stringify({ ...sampleRun, startedAt: 5 }), "startedAt"],
    ["of an unknown schema", '{"schema":"pitwall.run/9"}', "schema: must be one of pitwall.run/1, "],
    ["without a schema", "{}", "has no “schema”"],
  ])("a run document %s is named with its problem", async (_, content, problem) => {
    await using folder = await createFixture({ "run.json": content });
    const { exitCode, stderr } = await pitwall(["validate", "run.json"], folder.path);
    expect(stderr).toContain("run.json");
    expect(stderr).toContain(problem);
    expect(exitCode).toBe(1);
  });

  test("a bad value in a pitwall.yml is named", async () => {
    await using folder = await createFixture({ "bad.yml": "batch-sizes: 8-1\niterations: 0\n" });
    const { exitCode, stderr } = await pitwall(["validate", "bad.yml"], folder.path);
    expect(stderr).toMatch(/batch-sizes: the range 8-1 ends[\s\S]*iterations: must be 1 or more/);
    expect(exitCode).toBe(1);
  });
});
