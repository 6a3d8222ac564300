import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "../../errors.ts";
import { mustGit, sealedGit } from "../../evaluate/repository/sealed-git.ts";
import { pythonOf } from "../../evaluate/runtime/local/venv.ts";
import { makeFolder, writeJson } from "../../files.ts";
import { runCommand } from "../../machine/command.ts";
import type { Tools } from "../../tools.ts";
import type { EvaluateInputs } from "./inputs.ts";

interface Demo extends AsyncDisposable {
  inputs: EvaluateInputs;
}

type Files = Readonly<Record<string, string>>;

const BASE: Files = {
  "calc.py": "def add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a + a\n",
  "tests/test_calc.py": "from calc import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
};
const TESTS: Files = {
  "tests/test_calc.py":
    "from calc import add, double\n\n\ndef test_double():\n    assert double(2) == 4\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
};
const FIX: Files = { "calc.py": BASE["calc.py"]!.replace("a - b", "a + b") };
/** Mends one thing and breaks another. */
const WRONG: Files = { "calc.py": FIX["calc.py"]!.replace("a + a", "a + 1") };

/** The inputs as they are; with --demo those of a small repository in a temporary folder, which goes when it is disposed of. */
export async function withDemo(inputs: EvaluateInputs, tools: Tools): Promise<Demo> {
  if (!inputs.demo) return { inputs, [Symbol.asyncDispose]: async () => undefined };
  if (inputs.dataset !== undefined) throw new UsageError("--demo brings a dataset of its own: leave --dataset out");
  const folder = await mkdtemp(join(tmpdir(), "pitwall-demo-"));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const files = await makeDemo(folder, tools);
    tools.report.info(`a repository with a defect, its tests and two models' patches: ${folder}`);
    const skipSetup = await hasPytest(tools.env);
    const own = { ...files, runtime: "local" as const, skipSetup, controls: true, jobs: 2 };
    return { inputs: { ...inputs, ...own }, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** pip needs the network, which a pytest that is there does not. */
async function hasPytest(env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await runCommand(pythonOf(env), ["-c", "import pytest"], { env })).exitCode === 0;
}

async function makeDemo(folder: string, { env, signal }: Tools) {
  const repository = join(folder, "repository");
  await makeFolder(repository);
  const git = sealedGit(repository, env, signal);
  const say = async (...args: string[]) => (await mustGit(git, args)).trim();
  const patch = async (files: Files) => {
    await writeAll(repository, files);
    const made = await mustGit(git, ["diff"]);
    await say("checkout", "--quiet", "--force", "HEAD");
    return made;
  };
  await say("init", "--quiet", "--template=");
  await writeAll(repository, BASE);
  await say("add", "--all");
  const person = ["-c", "user.name=pitwall", "-c", "user.email=pitwall@users.noreply.github.com"];
  await say(...person, "commit", "--quiet", "--message", "Add a calculator");
  const [base_commit, test_patch, good, wrong] = [
    await say("rev-parse", "HEAD"),
    await patch(TESTS),
    await patch(FIX),
    await patch(WRONG),
  ];
  const dataset = join(folder, "dataset.json");
  const predictions = join(folder, "predictions.json");
  const instance_id = "pitwall__demo-1";
  const lists = { FAIL_TO_PASS: ["tests/test_calc.py::test_add"], PASS_TO_PASS: ["tests/test_calc.py::test_double"] };
  await writeJson(dataset, [{ instance_id, repo: "pitwall/demo", base_commit, patch: good, test_patch, ...lists }]);
  const answers = { "model-a": good, "model-b": wrong };
  const answer = ([model_name_or_path, model_patch]: [string, string]) => ({
    instance_id,
    model_name_or_path,
    model_patch,
  });
  await writeJson(predictions, Object.entries(answers).map(answer));
  return { source: repository, dataset, predictions: [predictions] };
}

async function writeAll(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await makeFolder(dirname(join(folder, path)));
    await writeFile(join(folder, path), content);
  }
}
