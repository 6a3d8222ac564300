import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Folder of package.json: one level above both src/ and dist/. */
export const PACKAGE_ROOT = dirname(here);

/** A program of ours that runs as its own process: the bundle when we are bundled, the source when we are not. */
export function programPath(name: "simulator" | "cli"): string {
  const bundle = join(PACKAGE_ROOT, "dist", `${name}.mjs`);
  return here.endsWith("dist") && existsSync(bundle) ? bundle : join(PACKAGE_ROOT, "src", name, "main.ts");
}

export const VERSION: string = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")).version;
