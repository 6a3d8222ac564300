import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root.ts";
import type { RecipeTexts } from "./plan/content-key.ts";

/** Dockerfiles, and the scripts that they copy: the build context of every image. */
export const RECIPES_FOLDER = join(PACKAGE_ROOT, "docker");

export async function readRecipes(): Promise<RecipeTexts> {
  const names = await readdir(RECIPES_FOLDER);
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(join(RECIPES_FOLDER, name), "utf8")]),
    ),
  );
}
