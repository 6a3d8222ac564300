import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { openPlain, readPlain } from "../src/plain-file.ts";
import { importData } from "../src/verbs/import.ts";
import { notify } from "../src/verbs/notify.ts";
import { postProcess } from "../src/verbs/post-process.ts";
import { publish } from "../src/verbs/publish.ts";
import { validate } from "../src/verbs/registry.ts";
import { loadConfig } from "../src/verbs/resolve-inputs.ts";
import { serveBenchmark } from "../src/verbs/serve-benchmark.ts";
import type { Verb } from "../src/verbs/verb.ts";
import { recordingTools } from "./support/recording-tools.ts";

test("a plain file is read whole, also through a symbolic link", async () => {
  await using folder = await createFixture({ file: "content" });
  await symlink("file", folder.getPath("link"));
  for (const name of ["file", "link"]) expect(await readPlain(folder.getPath(name))).toBe("content");
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
  ["--config", ({ fifo }) => loadConfig(fifo, [])],
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
