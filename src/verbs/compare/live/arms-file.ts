import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { z } from "zod";
import { type Arm, type ArmEngine, type ArmEntry, ArmsFile, contentOf, NULL_ARM } from "../../../arms/arm.ts";
import { UserError } from "../../../errors.ts";
import { findProgram } from "../../../machine/program.ts";
import { shellWords } from "../../../machine/shell-words.ts";
import type { Mistake } from "../../../mistakes.ts";
import { readPlain } from "../../../plain-file.ts";
import { present } from "../../../result/present.ts";
import { readYaml } from "../../../yaml/file.ts";
import { checkEngineArguments } from "../../start-engine/engine-arguments.ts";

type Entry = z.output<typeof ArmEntry>;

/** What the command says for arms that do not. */
interface Standard {
  engine: ArmEngine | "kubernetes" | "remote";
  image?: string | undefined;
}

/**
 * The arms of a file, the base first. Programs and patches are looked for from the file's folder.
 * @throws UsageError with the line of each mistake
 */
export async function readArms(path: string, standard: Standard, env: NodeJS.ProcessEnv): Promise<Arm[]> {
  const file = await readYaml(path, ArmsFile, "--arms");
  const mistakes: Mistake[] = [];
  const arms: Arm[] = [];
  for (const [index, entry] of file.data.arms.entries()) {
    const found = await armOf(entry, { folder: dirname(path), standard, env });
    for (const mistake of found.mistakes) mistakes.push({ ...mistake, path: ["arms", index, ...mistake.path] });
    arms.push(found.arm);
  }
  // An arm that could not be read would be one without what it lacks.
  if (mistakes.length === 0) mistakes.push(...twice(arms));
  if (mistakes.length > 0) throw file.mistaken(mistakes);
  return arms;
}

interface Place {
  folder: string;
  standard: Standard;
  env: NodeJS.ProcessEnv;
}

async function armOf(entry: Entry, place: Place): Promise<{ arm: Arm; mistakes: Mistake[] }> {
  const mistakes: Mistake[] = [];
  const mistake = (key: keyof Entry, text: string) => void mistakes.push({ path: [key], text });
  const asked = entry.engine ?? engineBy(entry) ?? place.standard.engine;
  const isElsewhere = asked === "remote" || asked === "kubernetes";
  if (isElsewhere) mistake("name", `is started here, which --engine ${asked} is not: give an engine`);
  const engine = isElsewhere ? "vllm" : asked;
  if (entry.name === NULL_ARM) mistake("name", "is the name of the arm that --null adds");
  if (entry.image !== undefined && engine !== "docker") mistake("image", `goes with engine docker, not with ${engine}`);
  if (entry.program !== undefined && engine !== "vllm") mistake("program", `goes with engine vllm, not with ${engine}`);
  if (entry.patch !== undefined && engine === "simulated")
    mistake("patch", "goes onto an image or a program, and the simulated engine is neither");
  const image = engine === "docker" ? (entry.image ?? place.standard.image) : undefined;
  if (engine === "docker" && image === undefined) mistake("name", "has no image: give one, or --image for all");
  if (image !== undefined && /^-|\s/.test(image)) mistake("image", "is no name of an image");
  const attempt = async <T>(key: keyof Entry, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistake(key, error.message);
      return undefined;
    }
  };
  const engineArgs = (await attempt("engineArgs", () => argumentsOf(entry.engineArgs))) ?? [];
  const program = await attempt("program", () => entry.program && programOf(entry.program, place));
  const patch = await attempt("patch", () => entry.patch && readPlain(resolve(place.folder, entry.patch)));
  // An empty patch is one that changes nothing, which is told as such.
  const given = entry.patch === undefined ? undefined : patch;
  const arm: Arm = {
    ...{ name: entry.name, engine, engineArgs },
    ...present({ image, program: program || undefined, patch: given }),
  };
  return { arm, mistakes };
}

const engineBy = ({ image, program }: Entry): ArmEngine | undefined =>
  image !== undefined ? "docker" : program !== undefined ? "vllm" : undefined;

function argumentsOf(given: Entry["engineArgs"] = []): string[] {
  const engineArgs = typeof given === "string" ? shellWords(given) : given;
  checkEngineArguments({ engineArgs, onOom: "fail" });
  return engineArgs;
}

/** @returns the program itself, also of a virtual environment's folder. @throws UserError */
function programOf(given: string, { folder, env }: Place): string {
  const path = given.includes("/") || existsSync(resolve(folder, given)) ? resolve(folder, given) : given;
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const found = findProgram(isFolder ? join(path, "bin", "vllm") : path, env);
  if (found !== undefined) return found;
  throw new UserError(
    isFolder
      ? `is a folder without bin/vllm: give a virtual environment in which vLLM is installed`
      : `is no program that may be run: give a vllm executable or a virtual environment's folder`,
  );
}

function twice(arms: readonly Arm[]): Mistake[] {
  return arms.flatMap((arm, index) => {
    const before = arms.slice(0, index);
    const named = before.findIndex(({ name }) => name === arm.name);
    if (named !== -1) return [{ path: ["arms", index, "name"], text: `is the name of arms[${named}] too` }];
    const same = before.find((one) => contentOf(one) === contentOf(arm));
    if (same === undefined) return [];
    const text = `is the same build as ${same.name}: to measure the base against itself, leave it out and give --null`;
    return [{ path: ["arms", index, "name"], text }];
  });
}
