import { z } from "zod";
import { UserError } from "../../errors.ts";
import { CATEGORIES } from "../../evaluate/instance.ts";
import { hostInputs } from "../post-process/run-host.ts";
import { bareWords, choice, fileList, flag, list, parsed, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, repetitions, seconds } from "../schema/number-fields.ts";
import { proxyInputs } from "../schema/proxies.ts";

/** GPUs by number, or all that there are. */
function parseGpus(given: string): "auto" | readonly string[] {
  if (given === "auto") return "auto";
  if (given === "none") return [];
  const numbers = given.replace(/^device=/, "").split(",");
  if (numbers.every((one) => /^\d+$/.test(one)) && new Set(numbers).size === numbers.length) return numbers;
  throw new UserError("must be auto, none, or numbers of GPUs like 0,1");
}

/** @throws UserError for what is no part of a whole */
function parseShard(given: string): { index: number; of: number } {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(given) ?? [];
  if (Number(index) >= 1 && Number(index) <= Number(of)) return { index: Number(index), of: Number(of) };
  throw new UserError("must be like 2/8: the second of eight parts");
}

export const EvaluateInputs = z.strictObject({
  task: bareWords(
    "report DIR: grade what is saved in DIR again, run nothing, and say what differs. Without: evaluate.",
  ).optional(),
  ...inGroup("Instances and patches", {
    dataset: text("Instances in infra-gym's or SWE-bench's form, a JSON array or JSON lines.", "FILE").optional(),
    instances: list(z.string().min(1))
      .meta({
        description: "Ids of instances; all; @FILE or - (standard input) with an id a line.",
        placeholder: "ID,…|all|@FILE|-",
        repeatable: true,
      })
      .default(["all"]),
    category: list(z.enum(CATEGORIES))
      .meta({ description: `Only those of ${CATEGORIES.join(", ")}.`, placeholder: "NAME,…" })
      .optional(),
    versionGroup: list(z.string().min(1))
      .meta({ description: "Only those of these version groups, see --specs.", placeholder: "GROUP,…" })
      .optional(),
    shard: parsed(parseShard, "Only one part of them, as for jobs side by side.", "I/N").optional(),
    predictions: fileList(
      "Patches of models in SWE-bench's form: instance_id, model_name_or_path, model_patch (default: the dataset's own patches).",
    ).optional(),
    controls: flag(
      "Grade the dataset's own patch and an empty one first: an instance that the first does not resolve, or the second does, says nothing here.",
    ).default(false),
    source: text(
      "Whence commits come: a clone with full history, which is only read, or a URL (default: the dataset's repo on GitHub).",
      "PATH|URL",
    ).optional(),
  }),
  ...inGroup("How tests run", {
    runtime: choice(
      ["docker", "local"],
      "In containers; or local, processes of this machine in a virtual environment, for tests of the CPU.",
    ).default("docker"),
    specs: text("version_specs.json: which image belongs to a version.", "FILE").optional(),
    image: text("Image for all instances, whatever their version.", "IMAGE").optional(),
    skipSetup: flag(
      "All that tests need is there: no setup_vllm_env.sh in the container, no virtual environment.",
    ).default(false),
    skipBuild: flag("Install Python alone, no CUDA extensions; always so for unit_cpu.").default(false),
    editable: flag("Install the engine in place (pip install --editable).").default(false),
    requirements: words("With runtime local: what pip installs for the tests.").default(["pytest", "pytest-timeout"]),
    network: choice(
      ["none", "set-up", "always"],
      "When containers have a network: always is for tests that load models, which then get HF_TOKEN too.",
    ).default("set-up"),
    containerUser: text("User in the container, like root (default: the image's).", "USER").optional(),
    shmSize: text(
      "Size of a container's /dev/shm, like 32g (default: 16g, for unit_cpu Docker's 64m).",
      "SIZE",
    ).optional(),
    gpus: parsed(
      parseGpus,
      "GPUs to give out, one instance each or as many as it needs: auto, none, or numbers.",
      "GPUS",
    ).default("auto"),
    jobs: integer("Instances side by side (default: one a GPU, without GPUs one).", { max: 256 }).optional(),
    stability: repetitions("How often each phase runs: a test counts only where all of them agree.").default(1),
  }),
  ...proxyInputs,
  ...inGroup("Time limits", {
    timeout: seconds("Seconds for one run of pytest, after which its container is removed.").default(1800),
    setupTimeout: seconds("Seconds for the set-up of a container, which may compile the engine.").default(3600),
    testTimeout: seconds("Seconds for one test, by pytest-timeout (default: 600, for unit_cpu 120).").optional(),
    instanceTimeout: seconds(
      "Seconds for one candidate on one instance, all together (default: 1800, or longer where the set-up may take longer).",
    ).optional(),
  }),
  ...inGroup("Machine and commit", { hostLabel: hostInputs.hostLabel }),
  ...inGroup("Output", {
    output: text("Folder of results, by candidate and instance.", "DIR").default(".pitwall/evaluate"),
    resume: flag("Take what is there already, where it was made of the same patches, tests, image and limits.").default(
      false,
    ),
    mergeInto: text(
      "Write the dataset again to FILE, with FAIL_TO_PASS and PASS_TO_PASS of the gold patches.",
      "FILE",
    ).optional(),
    dryRun: flag("Only say version, commit, tests and image of each instance, and the commands.").default(false),
    demo: flag("Try it: a small repository and dataset in a temporary folder, in the local runtime.").default(false),
  }),
});
export type EvaluateInputs = z.output<typeof EvaluateInputs>;
