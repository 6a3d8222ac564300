import { constants } from "node:buffer";
import { execFileSync } from "node:child_process";
import { symlink, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../src/package-root.ts";
import { LARGEST_DATA_MIB, LARGEST_FILE_MIB, openPlain, readEnd, readPlain } from "../src/plain-file.ts";
import { buildSite } from "../src/verbs/build-site/build-site.ts";
import { importData } from "../src/verbs/import/import.ts";
import { notify } from "../src/verbs/notify/notify.ts";
import { postProcess } from "../src/verbs/post-process/post-process.ts";
import { publish } from "../src/verbs/publish/publish.ts";
import { validate } from "../src/verbs/registry.ts";
import { loadConfig } from "../src/verbs/schema/config-file.ts";
import { serveBenchmark } from "../src/verbs/serve-benchmark/serve-benchmark.ts";
import { readEvent } from "../src/verbs/trigger/event.ts";
import type { Verb } from "../src/verbs/verb.ts";
import { pitwall } from "./support/cli.ts";
import { recordingTools } from "./support/recording-tools.ts";
import { runSimulator } from "./support/simulator.ts";

test("a plain file is read whole, also through a symbolic link", async () => {
  await using folder = await createFixture({ file: "content" });
  await symlink("file", folder.getPath("link"));
  for (const name of ["file", "link"]) expect(await readPlain(folder.getPath(name))).toBe("content");
});

test("of a long file the end is read, from the beginning of a line on", async () => {
  await using folder = await createFixture({ log: `${"ä".repeat(50)}\nlast but one\nlast\n`, short: "one\n" });
  expect(await readEnd(folder.getPath("log"), 20)).toBe("last but one\nlast\n");
  expect(await readEnd(folder.getPath("short"), 20)).toBe("one\n");
  expect(await readEnd(folder.getPath("log"), 3)).toBe("");
});

test("a device and a socket are refused, under the name that is given", async () => {
  await using folder = await createFixture({});
  const path = folder.getPath("socket");
  const server = createServer().listen(path);
  await expect(openPlain("/dev/zero")).rejects.toThrow("/dev/zero is not a plain file");
  await expect(openPlain(path, "it")).rejects.toThrow("it is not a plain file");
  server.close();
});

/** What a verb says of its inputs. */
function saidBy(verb: Verb, given: Record<string, unknown>): Promise<unknown> {
  return verb.run(verb.inputs.parse(given), recordingTools({ env: {} })) as Promise<unknown>;
}

interface Place {
  fifo: string;
  output: string;
}

const remote = ({ output }: Place) => ({ output, baseUrl: "http://127.0.0.1:9", model: "m", requestRate: "1" });

/* Each of these waited for ever, and no signal ended it. */
test.each<[string, (place: Place) => Promise<unknown>]>([
  ["import", ({ fifo }) => saidBy(importData as Verb, { files: [fifo] })],
  ["notify", ({ fifo }) => saidBy(notify as Verb, { run: fifo, slackWebhook: "http://127.0.0.1:9/" })],
  ["publish", ({ fifo }) => saidBy(publish as Verb, { run: [fifo] })],
  ["--config", ({ fifo }) => loadConfig(fifo, async () => [])],
  ["post-process, as a cell", ({ output }) => saidBy(postProcess as Verb, { output })],
  ...["jsonl", "trace", "sharegpt"].map((kind): [string, (place: Place) => Promise<unknown>] => [
    `serve-benchmark --dataset ${kind}`,
    (place) => saidBy(serveBenchmark as Verb, { ...remote(place), dataset: `${kind}:${place.fifo}` }),
  ]),
])("a FIFO that is given to %s is refused at once", async (_way, read) => {
  await using folder = await createFixture({ "cells/latency-sweep/other": "" });
  const fifo = folder.getPath("cells/latency-sweep/bs_1.json");
  execFileSync("mkfifo", [fifo]);
  await expect(read({ fifo, output: folder.path })).rejects.toThrow(`${fifo} is not a plain file`);
});

test("a FIFO that is given to validate is what is wrong", async () => {
  await using folder = await createFixture({});
  const fifo = folder.getPath("f.json");
  execFileSync("mkfifo", [fifo]);
  const { ok, outputs } = await validate.run({ files: [fifo] }, recordingTools());
  expect([ok, outputs.problems]).toEqual([false, [`${fifo}: it is not a plain file`]]);
});

test("a FIFO in the place of a simulated engine's timing, and of a workflow's event, ends the wait for it", async () => {
  await using folder = await createFixture({});
  const fifo = folder.getPath("fifo");
  execFileSync("mkfifo", [fifo]);
  const { exitCode, stderr } = await runSimulator("--port", "0", "--timing", fifo);
  expect([exitCode, stderr]).toEqual([1, `simulated engine could not start: --timing: ${fifo} is not a plain file\n`]);
  expect(await readEvent({ GITHUB_EVENT_PATH: fifo })).toEqual({});
});

test("a FIFO in the place of a site's first page keeps build-site from its folder", async () => {
  await using folder = await createFixture({ site: {} });
  execFileSync("mkfifo", [folder.getPath("site/index.html")]);
  const given = { database: `${PACKAGE_ROOT}/fake_db`, site: folder.getPath("site"), output: folder.path };
  await expect(saidBy(buildSite as Verb, given)).rejects.toThrow(/site\/index\.html is not a plain file/);
});

const TOO_LARGE = "100.0 MiB, more than is read of such a file (100 MiB)";

test("a file to import that is larger than any is refused by its size, before it is read", async () => {
  await using folder = await createFixture({ "data.json": "" });
  await truncate(folder.getPath("data.json"), LARGEST_FILE_MIB * 2 ** 20 + 1);
  const imported = await pitwall(["import", "data.json"], folder.path);
  expect([imported.stderr, imported.exitCode]).toEqual([`error: data.json is ${TOO_LARGE}\n`, 1]);
});

test("one that does not tell its size is read up to the limit", async () => {
  await expect(readPlain("/proc/self/pagemap", { largestMib: 1 })).rejects.toThrow(
    "/proc/self/pagemap is endless, or grows while it is read, more than is read of such a file (1 MiB)",
  );
  expect(await readPlain("/proc/self/comm")).not.toBe("");
});

test("what is as large as the limit is read, byte for byte", async () => {
  await using folder = await createFixture({ file: `${"ä".repeat(2 ** 19)}` });
  expect(await readPlain(folder.getPath("file"), { largestMib: 1 })).toBe("ä".repeat(2 ** 19));
  expect(LARGEST_DATA_MIB * 2 ** 20).toBeLessThan(constants.MAX_STRING_LENGTH);
});
