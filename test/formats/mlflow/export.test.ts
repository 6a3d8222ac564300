import { createServer } from "node:http";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { exportData } from "../../../src/verbs/export/export.ts";
import { runNumber } from "../../database/runs.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/* How an export meets a server that is not as it should be; the real one is in test/clients. */

interface Call {
  path: string;
  authorization: string | undefined;
  body: { [name: string]: unknown };
}

type Answer = [status: number, body: unknown];

async function serve(answer: (call: Call) => Answer) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const path = request.url!.replace("/api/2.0/mlflow/", "").replace(/\?.*/, "");
    const call = { path, authorization: request.headers.authorization, body: JSON.parse(text || "{}") };
    calls.push(call);
    const [status, body] = answer(call);
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections());
  return { calls, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

const run = runNumber(1);

async function exporting(server: string, env: NodeJS.ProcessEnv = {}) {
  await using branch = await createFixture({
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    [runPath(run)]: serializeRun(run),
  });
  const inputs = exportData.inputs.parse({ database: branch.path, format: "mlflow", server });
  return await exportData.run(inputs, recordingTools({ env: { ...process.env, ...env } }));
}

function working({ path }: Call): Answer {
  if (path === "experiments/get-by-name") return [404, { error_code: "RESOURCE_DOES_NOT_EXIST" }];
  if (path === "experiments/create") return [200, { experiment_id: "7" }];
  if (path === "runs/search") return [200, { runs: [{ info: { run_id: "half", status: "RUNNING" } }] }];
  return [200, { run: { info: { run_id: "new", status: "RUNNING" } } }];
}

test("a run that an earlier export left half written is replaced", async () => {
  await using server = await serve(working);
  expect((await exporting(server.url)).text).toBe("1 run logged, 0 were there before");
  expect(server.calls.map(({ path, body }) => [path, body.run_id]).slice(3)).toEqual([
    ["runs/delete", "half"],
    ["runs/create", undefined],
    ["runs/log-batch", "new"],
    ["runs/update", "new"],
  ]);
});

test.each([
  [{ MLFLOW_TRACKING_TOKEN: "secret" }, "Bearer secret"],
  [{ MLFLOW_TRACKING_USERNAME: "ada", MLFLOW_TRACKING_PASSWORD: "secret" }, `Basic ${btoa("ada:secret")}`],
  [{}, undefined],
])("the token comes from the environment: %o", async (env, expected) => {
  await using server = await serve(working);
  const none = { MLFLOW_TRACKING_TOKEN: "", MLFLOW_TRACKING_USERNAME: "", MLFLOW_TRACKING_PASSWORD: "" };
  await exporting(server.url, { ...none, ...env });
  expect(new Set(server.calls.map(({ authorization }) => authorization))).toEqual(new Set([expected]));
});

describe("a server that does not take the runs is named with what to do", () => {
  test.each<[string, Answer, RegExp]>([
    ["not let in", [401, "no"], /refused experiments\/get-by-name with status 401: set MLFLOW_TRACKING_TOKEN/],
    ["another server", [200, "<html>"], /is no MLflow server: it does not answer in JSON/],
    ["an address where nothing is", [404, "not found"], /refused experiments\/get-by-name with status 404: not found/],
    ["a refusal of what is not there", [400, "RESOURCE_DOES_NOT_EXIST"], /status 400: RESOURCE_DOES_NOT_EXIST/],
    ["a failure", [500, "database is locked"], /status 500: database is locked/],
  ])("%s", async (_, answer, message) => {
    await using server = await serve(() => answer);
    await expect(exporting(server.url)).rejects.toThrow(message);
  });

  test("nobody there", async () => {
    const server = await serve(working);
    await server[Symbol.asyncDispose]();
    await expect(exporting(server.url)).rejects.toThrow(/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/);
  });

  test.each([
    ["mlflow", /is not the address of an MLflow server/],
    ["http://ada:secret@127.0.0.1:1", /no password in the address/],
    ["http://ada@127.0.0.1:1", /no password in the address/],
    ["http://:secret@127.0.0.1:1", /no password in the address/],
  ])("the address %s", async (address, message) => {
    await expect(exporting(address)).rejects.toThrow(message);
  });
});

test.each<[string, object, RegExp]>([
  ["MLflow without a server", { format: "mlflow" }, /--format mlflow and --server go together/],
  ["a server without MLflow", { server: "http://127.0.0.1:1" }, /go together/],
  ["Parquet on a terminal", { format: "parquet" }, /name a file with --output FILE/],
])("%s is refused before anything is read", async (_, given, message) => {
  const inputs = exportData.inputs.parse({ database: "nowhere", ...given });
  await expect(exportData.run(inputs, recordingTools())).rejects.toThrow(message);
});
