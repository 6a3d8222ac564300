import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Folder of package.json: one level above both src/ and dist/. */
export const PACKAGE_ROOT = dirname(here);

const SOURCES = {
  cli: "cli/main.ts",
  simulator: "simulator/main.ts",
  "load-thread": "load/thread/main.ts",
  "cluster-keeper": "engine/kubernetes/keeper/main.ts",
};

/** A program of ours that runs as its own process or thread: the bundle when we are bundled, the source when we are not. */
export function programPath(name: keyof typeof SOURCES): string {
  const bundle = join(PACKAGE_ROOT, "dist", `${name}.mjs`);
  return here.endsWith("dist") && existsSync(bundle) ? bundle : join(PACKAGE_ROOT, "src", SOURCES[name]);
}

export const VERSION: string = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")).version;

/** Our own client, as cells name who measured them. */
export const PITWALL = { kind: "pitwall", version: VERSION };
