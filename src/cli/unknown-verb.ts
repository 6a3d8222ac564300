import { closest } from "fastest-levenshtein";
import { UsageError } from "../errors.ts";

const WHAT_EACH_DOES: Record<string, string> = {
  run: "pitwall run measures everything, from the start of an engine to the site",
  benchmarks:
    "pitwall run measures everything; serve-benchmark, latency-sweep, throughput-benchmark and startup-benchmark one " +
    "thing each",
  setup:
    "there is nothing to set up: pitwall run --preset demo tries it, pitwall doctor says what is missing here, and inputs " +
    "may stand in pitwall.yml",
  compare:
    "pitwall compare measures builds side by side, pitwall history shows the numbers of several runs, pitwall " +
    "post-process --database holds a run against those before it, and pitwall build-site charts them",
  engine: "pitwall start-engine starts an engine, and pitwall serve-benchmark measures it",
  stop: "pitwall start-engine --stop stops the engine",
  charts: "pitwall build-site makes a site with a chart of every number; npm run preview serves it",
  publish: "pitwall publish puts run documents on the data branch",
  numbers: "pitwall history shows the numbers of the data branch, which is named with --database",
  records: "it is a task of history, as in: pitwall history retract RUN --why TEXT",
  check: "pitwall validate checks files, pitwall verify a data branch, and pitwall doctor this machine",
  pack: "pitwall compact packs the runs of closed months",
  slack: "pitwall notify sends a message to Slack",
  version: "pitwall --version says which version this is",
};

/** Words that people try, by what they are after. */
export const TRIED: Record<string, readonly string[]> = {
  run: ["all", "go", "demo", "pipeline", "execute", "exec", "quickstart"],
  benchmarks: ["bench", "benchmark", "benchmarks", "measure", "perf", "test", "load", "loadtest", "profile", "sweep"],
  setup: ["init", "setup", "install", "config", "configure", "new", "create", "login", "auth"],
  compare: ["diff", "verdict", "regressions", "judge"],
  engine: ["serve", "start", "up", "launch", "engine", "server", "simulate", "simulator"],
  stop: ["stop", "kill", "down", "shutdown"],
  charts: [
    "plot",
    "chart",
    "charts",
    "graph",
    "site",
    "report",
    "dashboard",
    "view",
    "web",
    "html",
    "build",
    "preview",
  ],
  publish: ["push", "upload", "save", "store", "commit", "append", "add"],
  numbers: ["db", "database", "data", "list", "ls", "show", "query", "results", "log", "stats", "get"],
  records: ["retract", "rename", "accept", "delete", "remove", "rm"],
  check: ["check", "lint", "status", "diagnose"],
  pack: ["pack", "gc", "prune", "squash"],
  slack: ["slack", "alert", "message"],
  version: ["version"],
};

const HELP = ["--help", "-h"];

/**
 * What the first word of a command line says, before anything else is read: `--help` behind an unknown one would help with
 * something else.
 * @param names of the verbs
 * @throws UsageError for a word that is no verb
 */
export function checkVerb(args: readonly string[], names: readonly string[]): void {
  const words = args.filter((word) => !HELP.includes(word));
  const word = words[0] === "help" ? words[1] : words[0];
  if (word === undefined || word.startsWith("-") || names.includes(word)) return;
  const [meaning] = Object.entries(TRIED).find(([, tried]) => tried.includes(word.toLowerCase())) ?? [];
  const hint = meaning === undefined ? `did you mean “${closest(word, names)}”?` : `${WHAT_EACH_DOES[meaning]}.`;
  throw new UsageError(`there is no command “${word}”: ${hint} pitwall --help lists all commands`);
}

/** The verb of a command line, before anything else is read: no flag of pitwall itself that goes before it takes a value. */
export const askedVerb = (args: readonly string[], names: readonly string[]): string | undefined =>
  args.find((word) => names.includes(word));
