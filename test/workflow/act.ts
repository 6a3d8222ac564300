import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createFixture } from "fs-fixture";
import { runCommand } from "../../src/machine/command.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { makeCheckout } from "../support/checkout.ts";
import { makeRelease } from "../support/release.ts";
import { processesOf } from "./processes.ts";

/** A repository of somebody who uses pitwall, and act to run its workflows on this machine. */
export interface Workplace extends AsyncDisposable {
  /** Path below which everything of this workplace lies, the release of pitwall aside. */
  path(name: string): string;
  /** The bare repository that the user's checkout came from. */
  origin: string;
  /** Bundle of the release under test. */
  bundle(name: string): string;
  act(event: "push" | "workflow_dispatch", options: ActOptions): Promise<ActResult>;
  /** Command lines of processes that still run out of this workplace. */
  processes(): string[];
}

interface ActOptions {
  env?: Record<string, string>;
  secrets?: Record<string, string>;
  variables?: Record<string, string>;
  /** What GitHub says of the event. */
  event?: Record<string, unknown>;
  /** Actions of GitHub's own, `owner/name@ref`, that a stand-in below test/workflow/github takes the place of. */
  standIns?: string[];
}

interface ActResult {
  exitCode: number | null;
  /** What act and the steps said, one line each. */
  log: string;
  /** How each job ended, by its id; a job that did not run is not in it. */
  jobs: Record<string, string>;
}

/** @param files of the user's repository, by path */
export async function makeWorkplace(files: Record<string, string>): Promise<Workplace> {
  const release = await makeRelease();
  const fixture = await createFixture({ user: files, "home/.keep": "" });
  const origin = fixture.getPath("origin.git");
  makeCheckout(fixture.getPath("user"), origin);
  return {
    path: (name) => fixture.getPath(name),
    origin,
    bundle: release.bundle,
    async act(event, options) {
      const { stdout: program } = await runCommand(join(PACKAGE_ROOT, "scripts/act.sh"), []);
      await fixture.writeFile("event.json", JSON.stringify(options.event ?? {}));
      const args = [
        event,
        "--eventpath",
        fixture.getPath("event.json"),
        ...actArguments({ root: fixture.path, release: release.root }, options),
      ];
      const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: fixture.getPath("home") };
      const { exitCode, output } = await collect(program.trim(), args, { cwd: fixture.getPath("user"), env });
      return { exitCode, ...readLog(output) };
    },
    processes: () => [fixture.path, release.root].flatMap(processesOf),
    async [Symbol.asyncDispose]() {
      await fixture.rm();
      await release[Symbol.asyncDispose]();
    },
  };
}

function actArguments({ root, release }: { root: string; release: string }, options: ActOptions): string[] {
  const { env = {}, secrets = {}, variables = {}, standIns = [] } = options;
  const each = (flag: string, values: Record<string, string>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const local = standIns.map((uses) => [uses, join(import.meta.dirname, "github", /\/([\w-]+)@/.exec(uses)![1]!)]);
  return [
    ...["--json", "--no-cache-server", "--action-cache-path", join(root, "cache")],
    ...each("--platform", { "self-hosted": "-self-hosted", "ubuntu-24.04": "-self-hosted" }),
    ...each("--local-repository", { "pitwall-dev/pitwall@v1": release, ...Object.fromEntries(local) }),
    // As for the other tests: the machine may be as busy as it likes.
    ...each("--env", { PITWALL_CLIENT_LIMITS: "off", ...env }),
    ...each("--secret", secrets),
    ...each("--var", variables),
  ];
}

function collect(program: string, args: string[], options: { cwd: string; env: Record<string, string> }) {
  return new Promise<{ exitCode: number | null; output: string }>((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const hear = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

/** A line of `act --json`; commands of a step, like an error, have their text in `arg`. */
interface Line {
  msg?: string;
  arg?: string;
  command?: string;
  jobID?: string;
  jobResult?: string;
}

function readLog(output: string): Pick<ActResult, "log" | "jobs"> {
  const lines = output.split("\n").map((line): Line => (line.startsWith("{") ? JSON.parse(line) : { msg: line }));
  const ends = lines.filter(({ jobResult }) => jobResult !== undefined);
  return {
    log: lines
      .map(({ jobID = "act", command = "", msg, arg }) => `${jobID}: ${command} ${msg ?? arg}`.trimEnd())
      .join("\n"),
    jobs: Object.fromEntries(ends.map(({ jobID, jobResult }) => [jobID!, jobResult!])),
  };
}
