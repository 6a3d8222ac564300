/*
 * Folders of `vllm bench sweep`: EXPERIMENT/SERVE--k=v-BENCH--k=v/run=N.json, and failures beside. `serve_workload` adds
 * -WL--k=v to the name, `serve_sla` of before a folder k=v below, `startup` has STARTUP in the place of BENCH. What was not
 * swept is not in the name; where nothing was, the results lie in the experiment itself.
 */

/** What one file of a sweep is. */
export type SweepFile =
  | { kind: "result"; combination: string; run: number }
  | { kind: "failed-run"; combination: string; run: number }
  | { kind: "failed-server"; server: string }
  | { kind: "other" };

/** @param path in the experiment, with slashes */
export function sweepFile(path: string): SweepFile {
  const cut = path.lastIndexOf("/");
  const [combination, name] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
  const [, run, failure] = /^run=(\d+)(\.failure)?\.json$/.exec(name) ?? [];
  if (run !== undefined) {
    return { kind: failure === undefined ? "result" : "failed-run", combination, run: Number(run) };
  }
  const [, server] = /^SERVE-(.*)-failure\.json$/.exec(name) ?? [];
  return server === undefined ? { kind: "other" } : { kind: "failed-server", server };
}

/** Whether a folder's name is that of a combination. */
export const isCombination = (folder: string) => /^(?:SERVE|BENCH|STARTUP|WL)--/.test(folder);

/**
 * What a sweep should have left and did not, a sentence each: combinations of the settings seen, and runs that others have
 * and a combination has not.
 */
export function missingIn(files: readonly SweepFile[]): string[] {
  const results = files.filter((file) => file.kind === "result");
  const started = files.filter((file) => file.kind === "result" || file.kind === "failed-run");
  const byCombination = Map.groupBy(started, ({ combination }) => combination);
  const most = Math.max(0, ...started.map(({ run }) => run + 1));
  const runs = [...byCombination].flatMap(([combination, group]) => {
    const seen = new Set(group.map(({ run }) => run));
    const missing = Array.from({ length: most }, (_, run) => run).filter((run) => !seen.has(run));
    return missing.map((run) => `${combination || "the sweep"} has no run=${run}.json, which other combinations have`);
  });
  return [...combinationsWithout(results.map(({ combination }) => combination)), ...runs];
}

/** Levels of a workload are chosen as the sweep goes: only settings of server and client are a grid. */
function combinationsWithout(there: readonly string[]): string[] {
  const pairs = there.map((name) => settingsIn(name.split("/")[0]!));
  const seen = new Set(pairs.map(({ server, client }) => `${server}\n${client}`));
  const [servers, clients] = [new Set(pairs.map((pair) => pair.server)), new Set(pairs.map((pair) => pair.client))];
  return [...servers].flatMap((server) =>
    [...clients]
      .filter((client) => !seen.has(`${server}\n${client}`))
      .map((client) => `no result of ${server} with ${client}`),
  );
}

function settingsIn(combination: string): { server: string; client: string } {
  const [, server = "", client = ""] = /^(?:(SERVE--.*?)(?:-(?=BENCH--|STARTUP--|WL--)|$))?(.*?)(?:-?WL--.*)?$/.exec(
    combination,
  )!;
  return { server, client };
}
