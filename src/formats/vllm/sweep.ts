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
  const [, run, failure] = /^run=(\d{1,9})(\.failure)?\.json$/.exec(name) ?? [];
  if (run !== undefined) {
    return { kind: failure === undefined ? "result" : "failed-run", combination, run: Number(run) };
  }
  const [, server] = /^SERVE-(.*)-failure\.json$/.exec(name) ?? [];
  return server === undefined ? { kind: "other" } : { kind: "failed-server", server };
}

/** Whether a folder's name is that of a combination. */
export const isCombination = (folder: string) => /^(?:SERVE|BENCH|STARTUP|WL)--/.test(folder);

/** A folder may be named so that a sweep of millions would have to be there. */
const MOST_NAMED = 100;

/**
 * What a sweep should have left and did not, a sentence each: combinations of the settings seen, and runs that others have
 * and a combination has not. Of each of both the first hundred, and how many more.
 */
export function missingIn(files: readonly SweepFile[]): string[] {
  const results = files.filter((file) => file.kind === "result");
  const started = files.filter((file) => file.kind === "result" || file.kind === "failed-run");
  return [...combinationsWithout(results.map(({ combination }) => combination)), ...runsWithout(started)];
}

function runsWithout(started: readonly { combination: string; run: number }[]): string[] {
  const most = started.reduce((length, { run }) => Math.max(length, run + 1), 0);
  const groups = Map.groupBy(started, ({ combination }) => combination);
  const seen = new Map([...groups].map(([name, runs]) => [name, new Set(runs.map(({ run }) => run))]));
  function* missing(): Generator<string> {
    for (const [name, runs] of seen) {
      // Most combinations lack none, and are not searched.
      for (let run = 0; run < (runs.size === most ? 0 : most); run++)
        if (!runs.has(run)) yield `${name || "the sweep"} has no run=${run}.json, which other combinations have`;
    }
  }
  const there = [...seen.values()].reduce((sum, { size }) => sum + size, 0);
  return firstOf(missing(), most * seen.size - there, "runs are missing");
}

/** Levels of a workload are chosen as the sweep goes: only settings of server and client are a grid. */
function combinationsWithout(there: readonly string[]): string[] {
  const pairs = there.map((name) => settingsIn(name.split("/", 1)[0]!));
  const seen = new Set(pairs.map(({ server, client }) => `${server}\n${client}`));
  const [servers, clients] = [new Set(pairs.map((pair) => pair.server)), new Set(pairs.map((pair) => pair.client))];
  function* missing(): Generator<string> {
    for (const server of servers)
      for (const client of clients)
        if (!seen.has(`${server}\n${client}`)) yield `no result of ${server} with ${client}`;
  }
  return firstOf(missing(), servers.size * clients.size - seen.size, "combinations have no result");
}

/** @param total of the sentences, which are made one by one */
function firstOf(sentences: Generator<string>, total: number, what: string): string[] {
  const shown = [...sentences.take(MOST_NAMED)];
  return total > shown.length ? [...shown, `${total - shown.length} more ${what}`] : shown;
}

const SERVER = "SERVE--";

/** `SERVE--…-BENCH--…-WL--…`, of which each part may be missing. */
function settingsIn(combination: string): { server: string; client: string } {
  if (!combination.startsWith(SERVER)) return { server: "", client: withoutWorkload(combination) };
  const behind = combination.slice(SERVER.length).search(/-(?:BENCH|STARTUP|WL)--/);
  if (behind === -1) return { server: combination, client: "" };
  const end = SERVER.length + behind;
  return { server: combination.slice(0, end), client: withoutWorkload(combination.slice(end + 1)) };
}

function withoutWorkload(settings: string): string {
  const at = settings.indexOf("WL--");
  return at === -1 ? settings : settings.slice(0, at).replace(/-$/, "");
}
