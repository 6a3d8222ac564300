import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { expression } from "../../scripts/generate/actions.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

interface Step {
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  needs?: string | string[];
  steps: Step[];
  permissions?: unknown;
  "timeout-minutes"?: number;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: unknown;
  concurrency?: { group: string; "cancel-in-progress": unknown };
  jobs: Record<string, Job>;
}

const folder = join(PACKAGE_ROOT, ".github/workflows");
const read = (file: string): Workflow => parse(readFileSync(join(folder, file), "utf8"));
const jobsOf = ({ jobs }: Workflow) => Object.entries(jobs);
const needsOf = ({ needs = [] }: Job) => [needs].flat();

describe.each(readdirSync(folder))("%s", (file) => {
  const workflow = read(file);
  const steps = jobsOf(workflow).flatMap(([, job]) => job.steps);

  test("grants nothing by default, and every job says what it needs", () => {
    expect(workflow.permissions).toEqual({});
    expect(jobsOf(workflow).filter(([, { permissions }]) => permissions === undefined)).toEqual([]);
  });

  test("ends every job in time", () => {
    for (const [name, job] of jobsOf(workflow)) expect(job["timeout-minutes"], name).toBeGreaterThan(0);
  });

  test("pins other people's actions to a commit, and ours to a major version", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    const loose = used.filter(
      (uses) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) && !/^pitwall-dev\/pitwall[\w/-]*@v\d+$/.test(uses),
    );
    expect(loose).toEqual([]);
  });

  test("never leaves credentials in a checkout", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
  });

  test("uploads artifacts also on failure, with a limit of days", () => {
    const uploads = steps.filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
    // Those that measure nothing have nothing to keep.
    expect(uploads.length > 0).toBe(!["verify-data.yml", "compare-comment.yml"].includes(file));
    for (const upload of uploads) {
      expect(upload.if).toBe("always()");
      expect(upload.with?.["retention-days"]).toBeGreaterThan(0);
    }
  });

  test("puts no expression inside a shell command", () => {
    expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });

  test("gives our actions inputs that they have", () => {
    const ours = steps.filter((step) => step.uses?.startsWith("pitwall-dev/pitwall"));
    const counts: Record<string, number> = { "benchmark.yml": 7, "experiments.yml": 2, "ci.yml": 0 };
    expect(ours).toHaveLength(counts[file] ?? 1);
    for (const { uses, with: inputs = {} } of ours) {
      const folder = uses!.replace(/^pitwall-dev\/pitwall\/?(.*)@v\d+$/, "$1");
      const known = Object.keys(parse(readFileSync(join(PACKAGE_ROOT, folder, "action.yml"), "utf8")).inputs);
      expect(known, uses).toEqual(expect.arrayContaining(Object.keys(inputs)));
    }
  });

  test("gives the token to whoever uses the repository's own history, for the checkout keeps none", () => {
    const users = steps.filter((step) => step.with?.database === "origin");
    expect(users.map((step) => step.with?.token)).toEqual(users.map(() => expression("github.token")));
  });

  test("queues or replaces runs by a concurrency group", () => {
    expect(workflow.concurrency?.group).toBeTruthy();
  });
});

describe("benchmark.yml", () => {
  const workflow = read("benchmark.yml");
  const order = ["latency", "serving", "publish", "pages", "notify"];

  test("runs by schedule and by hand, one after another", () => {
    expect(Object.keys(workflow.on)).toEqual(["schedule", "workflow_dispatch"]);
    expect(workflow.concurrency).toEqual({ group: "benchmark", "cancel-in-progress": false });
  });

  test("measures one thing at a time, then stores, then shows", () => {
    expect(Object.keys(workflow.jobs)).toEqual(order);
    const [, ...later] = order.slice(0, 4);
    for (const [i, name] of later.entries()) expect(needsOf(workflow.jobs[name]!)).toContain(order[i]);
  });

  test("notifies of any failed job, and only then", () => {
    expect(workflow.jobs.notify?.if).toBe("failure()");
    expect(needsOf(workflow.jobs.notify!)).toEqual(order.slice(0, 4));
  });
});

describe("verify-data.yml", () => {
  const { on, jobs } = read("verify-data.yml");
  const branches = { branches: ["pitwall-data"] };

  test("looks at what is pushed to the data branch, and at what would be merged into it", () => {
    expect(on).toEqual({ push: branches, pull_request: branches });
  });

  test("is one job that may write nothing, whose name a ruleset can require", () => {
    expect(Object.keys(jobs)).toEqual(["append-only"]);
    expect(jobs["append-only"]!.permissions).toEqual({ contents: "read" });
  });

  test("compares the whole checkout with the state before", () => {
    const [checkout, verify] = jobs["append-only"]!.steps;
    expect(checkout!.with).toMatchObject({ "fetch-depth": 0 });
    expect(verify!.with).toEqual({
      database: ".",
      base: expression("github.event.pull_request.base.sha || github.event.before"),
    });
  });
});

describe("ci.yml", () => {
  test("its last job needs every other", () => {
    const { "ci-ok": last, ...others } = read("ci.yml").jobs;
    expect(needsOf(last!)).toEqual(Object.keys(others));
  });
});
