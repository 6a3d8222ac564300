import { chmodSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";

const actions = readdirSync("src/actions", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => [basename(file, ".ts"), `src/actions/${file}`] as const);

/** What a person or a runner starts, by whatever Node there is; our own processes and threads get the Node that runs. */
const started = { ...Object.fromEntries(actions), cli: "src/cli/main.ts" };
const GUARD = "\0guarded:";

/**
 * Puts a look at Node's version before a program: its static imports would be parsed first, and the user told of a syntax
 * error or a missing export. The guard itself is of a kind that every Node with modules reads.
 */
const nodeGuard: Plugin = {
  name: "node-guard",
  resolveId: (specifier) => (specifier.startsWith("guarded:") ? `\0${specifier}` : undefined),
  load(id) {
    if (!id.startsWith(GUARD)) return undefined;
    const guard = JSON.stringify(join(import.meta.dirname, "scripts/node-guard.mjs"));
    const program = JSON.stringify(join(import.meta.dirname, id.slice(GUARD.length)));
    return `#!/usr/bin/env node\nimport ${guard};\nimport(${program});\n`;
  },
};

/** npm sets it when it installs, but a build writes the file anew. */
const runBit: Plugin = {
  name: "run-bit",
  writeBundle: ({ dir }) => chmodSync(join(dir!, "cli.mjs"), 0o755),
};

/** Our own imports of undici only; @actions/http-client brings another one of its own. */
const leanUndici: Plugin = {
  name: "lean-undici",
  resolveId: (specifier, importer) =>
    specifier === "undici" && importer?.startsWith(join(import.meta.dirname, "src"))
      ? join(import.meta.dirname, "scripts/undici-lean.mjs")
      : undefined,
};

/** @actions/github and its HTTP client bring the same version as @actions/http-client, each in a folder of its own. */
const oneUndici: Plugin = {
  name: "one-undici",
  resolveId(specifier, importer) {
    const client = join(import.meta.dirname, "node_modules/@actions/http-client/lib/index.js");
    if (specifier !== "undici" || !importer?.includes("/node_modules/@actions/") || importer === client)
      return undefined;
    return this.resolve(specifier, client);
  },
};

export default defineConfig({
  input: {
    ...Object.fromEntries(Object.entries(started).map(([name, source]) => [name, `guarded:${source}`])),
    simulator: "src/simulator/main.ts",
    "load-thread": "src/load/thread/main.ts",
    "cluster-keeper": "src/engine/kubernetes/keeper/main.ts",
  },
  platform: "node",
  plugins: [leanUndici, oneUndici, nodeGuard, runBit],
  // Of @actions/core only getIDToken needs an HTTP client, which is 20 times its size, and nobody here calls it.
  treeshake: { moduleSideEffects: [{ test: /node_modules\/@actions\/(core|http-client)\//, sideEffects: false }] },
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    minify: true,
    entryFileNames: "[name].mjs",
    chunkFileNames: "chunk-[name]-[hash].mjs",
  },
});
