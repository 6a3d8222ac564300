import { readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";

const actions = readdirSync("src/actions")
  .filter((file) => file.endsWith(".ts") && file !== "run-action.ts")
  .map((file) => [file.replace(/\.ts$/, ""), `src/actions/${file}`]);

/** Our own imports of undici only; @actions/http-client brings another one of its own. */
const leanUndici: Plugin = {
  name: "lean-undici",
  resolveId: (specifier, importer) =>
    specifier === "undici" && importer?.startsWith(join(import.meta.dirname, "src"))
      ? join(import.meta.dirname, "scripts/undici-lean.mjs")
      : undefined,
};

export default defineConfig({
  input: {
    ...Object.fromEntries(actions),
    cli: "src/cli/main.ts",
    simulator: "src/simulator/main.ts",
    "load-thread": "src/load/thread/main.ts",
  },
  platform: "node",
  plugins: [leanUndici],
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
