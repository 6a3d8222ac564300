import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

/** Paths, from the root of the repository, of the source files below a folder. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts|mjs|js|astro)$/.test(entry.name))
    .map((entry) => relative(PACKAGE_ROOT, join(entry.parentPath, entry.name)))
    .filter(
      (path) => !path.split("/").some((part) => part.startsWith(".") || part === "node_modules" || part === "dist"),
    );
}

const IMPORT =
  /^\s*(?:import|export)\s(?!type\s)(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;

const IMPORT_OR_TYPE = new RegExp(IMPORT.source.replace("(?!type\\s)", ""), "gm");

/** What a file imports: packages by name, own files by path from the root of the repository. @param types those too */
export function importsOf(path: string, { types = false } = {}): string[] {
  const text = readFileSync(join(PACKAGE_ROOT, path), "utf8");
  const specifiers = [...text.matchAll(types ? IMPORT_OR_TYPE : IMPORT)].map(
    ([, fixed, dynamic]) => (fixed ?? dynamic)!,
  );
  return specifiers.map((name) => (name.startsWith(".") ? join(dirname(path), name) : name));
}
