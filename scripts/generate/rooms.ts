/** A folder of src, or the site: what it does, and which others it may import, types included. */
interface Room {
  does: string;
  imports: readonly string[];
  /** Neither files, network nor processes: no module of Node's. */
  isPure?: true;
  /** Its folders that are rooms in a room, by name. */
  parts?: Readonly<Record<string, string>>;
}

/**
 * The rooms, from the top down: none imports one above it, so there is no circle. ARCHITECTURE.md's table is written from this,
 * and test/contract/rooms.test.ts holds every import against it. Files at the top of src are the ground, open to all.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  "src/actions": {
    does: "entry of each JavaScript action; no logic",
    imports: ["src/github", "src/verbs", "src/engine"],
  },
  "src/cli": { does: "the same for a terminal; no logic", imports: ["src/verbs", "src/foreign-text"] },
  "src/github": {
    does: "all that knows `@actions/core`, `github` and `artifact`",
    imports: ["src/verbs", "src/report", "src/result", "src/foreign-text"],
  },
  "src/verbs": {
    does: "a folder a verb: the schema of its inputs and its story",
    imports: [
      ...[
        "src/startup",
        "src/latency",
        "src/load",
        "src/engine",
        "src/telemetry",
        "src/workload",
        "src/working-folder",
      ],
      ...["src/accuracy", "src/functional", "src/arms", "src/evaluate", "src/images", "src/prometheus", "src/scenario"],
      ...["src/formats", "src/database", "src/experiment", "src/report", "src/verdict", "src/result", "src/machine"],
      ...["src/foreign-text", "src/yaml"],
    ],
    parts: {
      schema: "fields of inputs, and where their values come from",
      benchmark: "what all that measure share",
      sweep: "what latency-sweep and throughput-benchmark share",
      trigger: "who asked for a run, and which commit it measured",
    },
  },
  site: {
    does: "Astro; reads a data-branch folder",
    imports: ["src/database", "src/report", "src/result", "src/foreign-text"],
  },
  "src/functional": {
    does: "a served model against cases: what it does, does otherwise, or lacks",
    imports: ["src/engine", "src/yaml", "src/result", "src/foreign-text"],
    parts: {
      model: "cases, requests, answers, and how a check reads them; pure",
      openai: "the shipped suite, topic by topic; pure",
      config: "functional.yaml of vllm_cibench",
      client: "sends a request, takes secrets out of what is shown",
      run: "what a server has; cases side by side, a dead server once",
      report: "counts, JUnit, Markdown, changes, cases over time; pure",
    },
  },
  "src/evaluate": {
    does: "whether a patch passes the engine's own tests: datasets, phases, grades, reports",
    imports: ["src/images", "src/machine", "src/result", "src/foreign-text"],
  },
  "src/arms": {
    does: "builds of an engine measured side by side: in fair order, with an interval, until it decides",
    imports: [
      ...["src/engine", "src/workload", "src/evaluate", "src/images", "src/machine", "src/report", "src/verdict"],
      ...["src/result", "src/foreign-text", "src/statistics"],
    ],
    parts: {
      history: "two sides of the data branch, each series by the noise of its own numbers; pure",
      statistics: "from blocks to a ratio with its interval, and when to stop; pure",
      order: "who is measured when; pure",
      states: "what the numbers of arms come to beside the base's; pure",
      patch: "puts a patch onto an installed package, or onto an image",
      report: "tables and the run document of builds side by side; pure",
      bisect: "the commit of a line that changed a number: what to measure next, and what all of it says; pure",
      commits: "patches of agents beside a human's commit: ISO-Bench's files, what they prove, scores, reports",
    },
  },
  "src/accuracy": {
    does: "whether a served model answers right: samples, what counts as an answer, scores, and two runs on the same samples",
    imports: ["src/engine", "src/working-folder", "src/machine", "src/result", "src/foreign-text", "src/yaml"],
    parts: {
      "lm-eval": "another evaluator: its program, what it wrote, and what went between it and the server",
      samples: "files of samples, and those that we ship",
      settings: "accuracy.yaml, its profiles, and what holds of all",
      report: "what a task came to, as a result, a cell and text, and beside an earlier run; pure",
      ask: "one request a sample, and whether what comes back is an answer",
      grade: "what of an answer is graded, and whether it is right; pure",
      statistics: "what a score says, and what two runs on the same samples say; pure",
    },
  },
  "src/scenario": {
    does: "a served model's CI: scenario files, matrix, loads, gates",
    imports: ["src/prometheus", "src/result", "src/yaml"],
  },
  "src/startup": {
    does: "starts an engine again and again, with an empty cache or a filled one",
    imports: ["src/engine", "src/working-folder", "src/machine", "src/report", "src/result"],
  },
  "src/latency": {
    does: "whole batches, of the latency sweep and of throughput",
    imports: ["src/engine", "src/workload", "src/working-folder", "src/machine", "src/result"],
    parts: {
      offline: "a Python driver around the offline engine",
      server: "the same batches asked of a server",
    },
  },
  "src/load": {
    does: "measures serving cells, one after the other",
    imports: [
      ...["src/engine", "src/telemetry", "src/workload", "src/working-folder", "src/machine", "src/result", "src/time"],
    ],
    parts: {
      strategy: "once, repeatedly, or as a search",
      client: "who sends: pitwall, or `vllm bench serve`",
      run: "plans one load, hands it to threads, joins what they recorded",
      thread: "what a worker thread runs: takes tickets, sends, stamps, classifies; nothing else runs in it",
      "thread/answer": "from the bytes of one answer to its token events, or to what is wrong with it",
      http: "HTTP/1.1 over raw sockets: connections kept warm, response and event-stream parsers",
      takes: "what a server takes, asked by tiny requests before the first cell",
    },
  },
  "src/engine": {
    does: "starts an engine, waits for it, watches it, stops it; all its records",
    imports: ["src/telemetry", "src/working-folder", "src/machine", "src/result", "src/foreign-text"],
    parts: {
      launch: "command, environment, port and process of a start",
      watch: "whether it lives, hangs or has had its time; what it logs",
      server: "asks its HTTP interface: health, models",
      vllm: "where vLLM lies, its versions and flags",
      docker: "an engine in a container",
      kubernetes: "an engine in a cluster: its manifest, the way to it, how its pods do",
      "kubernetes/keeper": "the engine's process here: its pods' logs, a tunnel, and their end",
      failure: "the earliest error in a log that explains the end; `signs/` has the wordings. Pure",
    },
  },
  "src/images": {
    does: "images of engines: from specs to a plan, its Dockerfiles and their builds",
    imports: ["src/machine"],
    parts: {
      plan: "what is built on what, under which names; pure",
      build: "commands, and what came of each",
      specs: "infra-gym's version specs and our own",
    },
  },
  "src/telemetry": {
    does: "what engine and GPU say while a cell is measured",
    imports: ["src/machine", "src/result"],
    parts: {
      engine: "`/metrics`",
      gpu: "what all vendors share; a folder each has nvidia-smi, amd-smi and rocm-smi, xpu-smi",
      quiet: "whether anything else goes on here, and clocks that stay as they are",
    },
  },
  "src/simulator": {
    does: "the embedded engine: an OpenAI-compatible server with a continuous-batching timing model",
    imports: ["src/time"],
    parts: {
      http: "its endpoints",
      answer: "one answer, whole or streamed, and what it truly was",
      request: "reading one, as vLLM does",
      text: "what an answer says: words, calls of tools, JSON of a schema",
      faults: "what goes wrong on purpose",
      engine: "scheduler, key-value cache, clocks",
      timing: "how long a step takes",
      fit: "coefficients from what was measured",
    },
  },
  "src/workload": {
    does: "what is asked and when, from a seed: load models, prompts, requests",
    imports: ["src/result"],
    parts: { arrivals: "when requests go out", datasets: "readers of datasets and traces" },
  },
  "src/formats": {
    does: "files of other tools: readers that make run documents of them, writers, the MLflow client",
    imports: ["src/prometheus", "src/database", "src/result", "src/foreign-text"],
  },
  "src/prometheus": {
    does: "numbers for Prometheus: their names, labels and text; the Pushgateway client",
    imports: ["src/result", "src/foreign-text"],
    parts: {
      numbers: "from runs, suites and loads to metrics; pure",
      gateway: "one group pushed and read back, stale ones deleted",
    },
  },
  "src/database": {
    does: "the data branch: append, the one reader, verify",
    imports: ["src/verdict", "src/machine", "src/result", "src/foreign-text"],
    parts: {
      document: "a file of the branch: layout, reading, writing, what makes two the same",
      read: "a whole folder or commit, for whoever reads; verify",
      "git-home": "the branch in git",
      "folder-home": "the branch in a folder without git",
      pack: "a month in one file",
      records:
        "a descriptor of each kind of document, runs and what persons add; their list, and what records do to runs",
      query: "numbers in columns, and the cache of earlier reads",
    },
  },
  "src/experiment": {
    does: "from axes and rules to a list of engine settings: names, parts, matrix, a guess of the time",
    imports: ["src/working-folder", "src/result"],
  },
  "src/working-folder": {
    does: "all names in `<out>`; reading, emptying and holding it",
    imports: ["src/machine", "src/result"],
  },
  "src/machine": {
    does: "processes, programs, locks and facts of this machine; git, docker and kubectl as programs",
    imports: ["src/result"],
    parts: {
      gpu: "GPUs by every vendor's tools",
      docker: "the client, and one container",
      kubernetes: "kubectl, and objects by their names",
    },
  },
  "src/report": {
    does: "from data to text",
    imports: ["src/verdict", "src/result", "src/foreign-text"],
    isPure: true,
    parts: {
      tables: "cells and verdicts as tables",
      trends: "series over time, headlines, charts",
      experiments: "many settings side by side",
      text: "facts and numbers in words",
    },
  },
  "src/verdict": {
    does: "the level of a series, where a number stands against it, the verdict of a run; what was accepted",
    imports: ["src/result", "src/statistics"],
    isPure: true,
    parts: { "change-points": "where the level of a series changes, over its whole history" },
  },
  "src/result": {
    does: "cells and run documents",
    imports: ["src/foreign-text"],
    isPure: true,
    parts: {
      assemble: "a document made of cells",
      checks: "what a document may not be, and how much of it is shown",
      series: "which numbers belong to one line",
      gate: "positive evidence or no number",
      measure: "from samples to metrics",
      document: "the schemas",
      metrics: "the registry of metrics, and statistics of one",
      vllm: "files of vLLM's own tools",
    },
  },
  "src/foreign-text": {
    does: "what others wrote, made inert for the place where it goes: terminal and log, Markdown, Slack, commits, CSV, pages, links",
    imports: [],
    isPure: true,
  },
  "src/yaml": {
    does: "files of YAML or JSON that people write, with the line of each mistake",
    imports: [],
  },
  "src/statistics": { does: "distributions: Student's t, Fisher's F, the normal one", imports: [], isPure: true },
  "src/time": { does: "the clock that all programs of a machine share, and an exact alarm", imports: [] },
};

const code = (paths: readonly string[]) => paths.map((path) => `\`${path.replace("src/", "")}\``).join(", ");

/** Rows of the Markdown table. */
function rowsOf([path, { does, imports, isPure, parts = {} }]: [string, Room]): string[] {
  const may = imports.length === 0 ? "nothing" : code(imports);
  return [
    `| \`${path}\` | ${does} | ${may}${isPure ? ": pure" : ""} |`,
    ...Object.entries(parts).map(([name, task]) => `| · \`${name}\` | ${task} | |`),
  ];
}

const BEGIN = "<!-- rooms: written by `npm run generate` from scripts/generate/rooms.ts -->";
const END = "<!-- /rooms -->";

/** ARCHITECTURE.md with its table as the data says. */
export function withRooms(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`ARCHITECTURE.md lacks ${BEGIN} … ${END}`);
  const table = ["| room | what it does | imports |", "|---|---|---|", ...Object.entries(ROOMS).flatMap(rowsOf)];
  return `${before}${BEGIN}\n${table.join("\n")}\n${END}${after}`;
}
