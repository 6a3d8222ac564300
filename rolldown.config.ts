import { readdirSync } from "node:fs";
import { defineConfig } from "rolldown";

const actions = readdirSync("src/actions")
  .filter((file) => file.endsWith(".ts") && file !== "run-action.ts")
  .map((file) => [file.replace(/\.ts$/, ""), `src/actions/${file}`]);

export default defineConfig({
  input: { ...Object.fromEntries(actions), cli: "src/cli/main.ts", simulator: "src/simulator/main.ts" },
  platform: "node",
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    minify: true,
    entryFileNames: "[name].mjs",
    chunkFileNames: "chunk-[name]-[hash].mjs",
  },
});
