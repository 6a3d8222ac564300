import { z } from "zod";
import { CATEGORIES, type Category, type Instance, type Targets, type TestLists } from "../instance.ts";
import { filesIn } from "../tested.ts";
import { InstanceId, TestPath } from "./safe-names.ts";

/** A list of tests, or the JSON text of one, as SWE-bench's own files have it. */
const TestIds = z.preprocess((value) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}, z.array(TestPath));

const COMMON = {
  instance_id: InstanceId,
  repo: z.string().regex(/^[A-Za-z0-9_][\w.-]{0,100}\/[A-Za-z0-9_][\w.-]{0,100}$/, "must be OWNER/NAME"),
  version: z.string().min(1).nullish(),
  base_commit: z.string().regex(/^[0-9a-f]{40}$/, "must be the 40 hexadecimal digits of a commit"),
  FAIL_TO_PASS: TestIds.refine((ids) => ids.length > 0, {
    message: "names no test; leave it out to have the lists made from the gold patch's run",
  }).nullish(),
  PASS_TO_PASS: TestIds.nullish(),
  environment: z
    .object({ category: z.enum(CATEGORIES).nullish(), min_gpus: z.int().min(0).max(1024).nullish() })
    .nullish(),
};

/** infra-gym's: patches and tests in objects of their own. */
const InfraGym = z.object({
  ...COMMON,
  fix: z.object({ patch: z.string().min(1) }),
  tests: z.object({
    test_patch: z.string(),
    test_ids: z
      .object({ all_test_ids: z.array(TestPath).nullish(), affected_test_files: z.array(TestPath).nullish() })
      .nullish(),
    test_files: z.array(z.object({ filename: TestPath, status: z.string().nullish() })).nullish(),
  }),
});

const SweBench = z.object({ ...COMMON, patch: z.string().min(1), test_patch: z.string() });

const listsOf = ({ FAIL_TO_PASS, PASS_TO_PASS }: z.output<typeof SweBench | typeof InfraGym>): TestLists | undefined =>
  FAIL_TO_PASS ? { failToPass: FAIL_TO_PASS, passToPass: PASS_TO_PASS ?? [] } : undefined;

function common(entry: z.output<typeof SweBench | typeof InfraGym>) {
  const category = entry.environment?.category ?? undefined;
  return {
    ...{ id: entry.instance_id, repo: entry.repo, version: entry.version ?? undefined, baseCommit: entry.base_commit },
    ...{ lists: listsOf(entry), category, minGpus: entry.environment?.min_gpus ?? leastGpus(category) },
  };
}

const leastGpus = (category: Category | undefined) => (category?.startsWith("gpu_") ? 1 : 0);

const fromInfraGym = InfraGym.transform((entry): Instance => {
  const { test_patch: testPatch, test_ids, test_files } = entry.tests;
  const files = (test_files ?? []).filter(({ status }) => status !== "removed").map(({ filename }) => filename);
  const targets = targetsOf(test_ids?.all_test_ids, test_ids?.affected_test_files, files.filter(isTestFile));
  return { ...common(entry), testPatch, goldPatch: entry.fix.patch, targets };
});

const fromSweBench = SweBench.transform((entry): Instance => {
  const { failToPass = [], passToPass = [] } = listsOf(entry) ?? {};
  const listed = [...failToPass, ...passToPass].filter((id) => id.includes("::")).map((id) => id.split("::", 1)[0]!);
  const targets = targetsOf(null, listed, filesIn(entry.test_patch).filter(isTestFile));
  return { ...common(entry), testPatch: entry.test_patch, goldPatch: entry.patch, targets };
});

const isTestFile = (path: string) =>
  path.endsWith(".py") && !path.endsWith("conftest.py") && !path.endsWith("__init__.py");

type Paths = readonly string[] | null | undefined;

/** The first that names anything. */
function targetsOf(ids: Paths, affected: Paths, files: readonly string[]): Targets {
  if (ids?.length) return { kind: "ids", paths: [...new Set(ids)] };
  const paths = affected?.length ? affected : files;
  return paths.length > 0 ? { kind: "files", paths: [...new Set(paths)] } : { kind: "none" };
}

/** The schema that an entry should have, by what is in it. */
export const schemaFor = (entry: object) => ("patch" in entry || "test_patch" in entry ? fromSweBench : fromInfraGym);
