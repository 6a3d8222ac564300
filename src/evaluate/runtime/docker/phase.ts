import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { askDocker, type Docker, daemonEnvironment, lastLine } from "../../../machine/docker/client.ts";
import { removeContainer } from "../../../machine/docker/container.ts";
import { readEnd } from "../../../plain-file.ts";
import type { Tools } from "../../../tools.ts";
import { markOf, type Owner } from "../owner.ts";
import { repeatRuns } from "../runs.ts";
import { type PhaseOutcome, type Stopped, stopped } from "../runtime.ts";
import { runTimed, type TimedEnd } from "../timed-run.ts";
import { type Made, setUpArguments, testExecArguments, testRunArguments, waitingArguments } from "./arguments.ts";

export interface ContainerPhase {
  docker: Docker;
  made: Omit<Made, "name">;
  owner: Owner;
  tools: Tools;
}

/** What stopped a phase, on its way out of the runs. */
class PhaseStopped extends Error {
  readonly stopped: Stopped;
  constructor(what: Stopped) {
    super(what.detail);
    this.stopped = what;
  }
}

/** A container for each run of pytest, in an image that has all it needs. */
export function runSingly(phase: ContainerPhase): Promise<PhaseOutcome> {
  const { plan } = phase.made;
  return orStopped(async () => {
    const runs = await repeatRuns(plan, async (order) => {
      const name = newName();
      const logFile = join(plan.results, order.log);
      await using _ = await phase.owner.noteContainer(phase.docker, name);
      const args = testRunArguments({ ...phase.made, name }, order);
      const ended = await runDocker(phase, name, args, { logFile, seconds: plan.limits.phaseSeconds });
      await refuseDockersOwn(ended, logFile);
      return ended;
    });
    return { kind: "ran", runs, setUpSeconds: 0 };
  });
}

/** One container in which the set-up has been. What it installs is for this phase only: the other one's source differs. */
export function runAfterSetUp(phase: ContainerPhase): Promise<PhaseOutcome> {
  const name = newName();
  const made = { ...phase.made, name };
  const { plan } = made;
  return orStopped(async () => {
    await using _ = await phase.owner.noteContainer(phase.docker, name);
    try {
      await startWaiting(phase, made);
      const setUpSeconds = await setUp(phase, made);
      await cutNetwork(phase, made);
      const runs = await repeatRuns(plan, async (order) => {
        const logFile = join(plan.results, order.log);
        const ended = await runDocker(phase, name, testExecArguments(made, order), {
          logFile,
          seconds: plan.limits.phaseSeconds,
        });
        await refuseDockersOwn(ended, logFile);
        return ended;
      });
      return { kind: "ran", runs, setUpSeconds };
    } finally {
      await removeContainer(containerOf(phase.docker, name));
    }
  });
}

async function orStopped(run: () => Promise<PhaseOutcome>): Promise<PhaseOutcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PhaseStopped) return error.stopped;
    throw error;
  }
}

/** Nobody else has this name. */
const newName = () => `pitwall-evaluate-${randomBytes(8).toString("hex")}`;

const containerOf = (docker: Docker, name: string) => ({ ...docker, name, id: null, pid: null });

/** A docker command in the foreground; whatever ends it early removes the container, which frees the client. */
function runDocker(
  { docker, made, tools }: ContainerPhase,
  name: string,
  args: readonly string[],
  { logFile, seconds }: { logFile: string; seconds: number },
): Promise<TimedEnd> {
  const env = { ...daemonEnvironment(docker, tools.env), ...markOf(made.plan.tree) };
  const stop = () => removeContainer(containerOf(docker, name), { isComing: true });
  return runTimed({ program: docker.program, args, env, logFile, seconds, stop }, tools.signal);
}

const START_SECONDS = 300;

async function startWaiting(phase: ContainerPhase, made: Made): Promise<void> {
  const { plan } = made;
  const { setUpSeconds, phaseSeconds } = plan.limits;
  const logFile = join(plan.results, `${plan.phase}-container.log`);
  // Longer than it is needed: it ends by itself only where nobody is left to end it.
  const args = waitingArguments(made, setUpSeconds + phaseSeconds * plan.runs + START_SECONDS);
  const { end } = await runDocker(phase, made.name, args, { logFile, seconds: START_SECONDS });
  if (end.kind === "exit" && end.code === 0) return;
  throw new PhaseStopped(stopped("container", "environment", `the container did not start: ${await tailOf(logFile)}`));
}

async function setUp(phase: ContainerPhase, made: Made): Promise<number> {
  const { plan } = made;
  const logFile = join(plan.results, `${plan.phase}-set-up.log`);
  const { end, seconds } = await runDocker(phase, made.name, setUpArguments(made), {
    logFile,
    seconds: plan.limits.setUpSeconds,
  });
  if (end.kind === "exit" && end.code === 0) return seconds;
  if (end.kind === "timeout")
    throw new PhaseStopped(stopped("set-up", "timeout", `the set-up took more than ${end.seconds} s`));
  const detail = `the set-up failed ${plan.phase === "before" ? "without the candidate" : "with the candidate's patch, not without"}`;
  const status = plan.phase === "before" ? "environment" : "error";
  throw new PhaseStopped(stopped("set-up", status, `${detail}: ${await tailOf(logFile)}`));
}

async function cutNetwork({ docker, tools }: ContainerPhase, { settings, openNetwork, name }: Made): Promise<void> {
  if (settings.network !== "set-up" || openNetwork === "host") return;
  const { exitCode, stderr } = await askDocker(docker, ["network", "disconnect", openNetwork, name], tools.env);
  if (exitCode === 0) return;
  throw new PhaseStopped(stopped("container", "environment", `its network could not be cut: ${lastLine(stderr)}`));
}

/** What the client itself ends with when there is no container, or no such program in it. */
const DOCKERS_OWN = [1, 125, 126, 127];

async function refuseDockersOwn({ end }: TimedEnd, logFile: string): Promise<void> {
  if (end.kind !== "exit" || !DOCKERS_OWN.includes(end.code)) return;
  const tail = await tailOf(logFile);
  if (!/^(docker: |Error response from daemon|OCI runtime exec failed)/m.test(tail)) return;
  throw new PhaseStopped(stopped("container", "environment", tail));
}

const TAIL_BYTES = 64 * 2 ** 10;

/** The last lines of a log. */
async function tailOf(logFile: string): Promise<string> {
  const text = await readEnd(logFile, TAIL_BYTES).catch(() => "");
  return text.trimEnd().split("\n").slice(-5).join("\n") || "it said nothing";
}
