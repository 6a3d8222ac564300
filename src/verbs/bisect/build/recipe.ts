import { resolve } from "node:path";
import { UsageError } from "../../../errors.ts";

/** What stands for the commit or the version in what the user gave. */
type Mark = "{commit}" | "{version}";

/** How a commit or version becomes a build, before it is known which. */
export interface Recipe {
  mark: Mark;
  /** Commands that make it, one after the other, in {@link folder}. */
  commands: readonly (readonly string[])[];
  folder: string;
  program: string | undefined;
  image: string | undefined;
  engineArgs: readonly string[];
}

interface Given {
  engine: string;
  build: readonly string[];
  program?: string | undefined;
  image?: string | undefined;
  engineArgs: readonly string[];
  versions?: readonly string[] | undefined;
  repository: string;
  output: string;
}

/** @throws UsageError when all builds would be the same, or the inputs do not fit together */
export function recipeOf(given: Given): Recipe {
  const { engine, build, program, engineArgs, versions, repository, output } = given;
  const mark = versions === undefined ? "{commit}" : "{version}";
  if (program !== undefined && engine !== "vllm") {
    throw new UsageError(`--program goes with --engine vllm, not with --engine ${engine}`);
  }
  if (engine === "remote") throw new UsageError("a bisect starts its engines, which --engine remote does not");
  if (engine === "kubernetes")
    throw new UsageError("a bisect builds its engines here; with --engine kubernetes it cannot");
  const recipe: Recipe = {
    ...{ mark, folder: resolve(repository), engineArgs, program, image: given.image },
    commands: build.length === 0 ? [] : [build],
  };
  const isMarked = (text: string | undefined) => text?.includes(mark) ?? false;
  if (isMarked(program) || isMarked(given.image) || engineArgs.some(isMarked)) return recipe;
  if (build.length > 0 || program !== undefined || given.image !== undefined || engine === "simulated") {
    throw new UsageError(
      `all builds would be the same: put ${mark} into --image, --program or --engine-args, where the build of one is`,
    );
  }
  return engine === "docker" ? published(recipe) : installed(recipe, resolve(output, "builds"));
}

/** Images that the vLLM project publishes: of releases, and of a commit of each night. */
const published = (recipe: Recipe): Recipe => ({
  ...recipe,
  image: recipe.mark === "{version}" ? "vllm/vllm-openai:v{version}" : "vllm/vllm-openai:nightly-{commit}",
});

/**
 * Wheels that the vLLM project publishes: of releases, and of each commit of its main branch
 * (https://docs.vllm.ai/en/latest/contributing/ci/nightly_builds).
 */
function installed(recipe: Recipe, folder: string): Recipe {
  const environment = `${folder}/${recipe.mark}`;
  const wheel =
    recipe.mark === "{version}"
      ? ["vllm=={version}"]
      : ["vllm", "--extra-index-url", "https://wheels.vllm.ai/{commit}"];
  return {
    ...recipe,
    commands: [
      ["uv", "venv", "--allow-existing", environment],
      ["uv", "pip", "install", "--python", `${environment}/bin/python`, "--torch-backend=auto", ...wheel],
    ],
    program: `${environment}/bin/vllm`,
  };
}

/** The same for one commit or version. */
export function filled(
  { mark, commands, folder, program, image, engineArgs }: Recipe,
  name: string,
): Omit<Recipe, "mark"> {
  const fill = (text: string) => text.replaceAll(mark, () => name);
  return {
    commands: commands.map((command) => command.map(fill)),
    folder,
    program: program === undefined ? undefined : fill(program),
    image: image === undefined ? undefined : fill(image),
    engineArgs: engineArgs.map(fill),
  };
}
