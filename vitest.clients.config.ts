import { defineConfig } from "vitest/config";

/** Programs of other people read what `pitwall export` writes: MLflow's server, prometheus-client, pyarrow. And lm-eval asks. */
export default defineConfig({
  test: {
    include: ["test/clients/**/*.test.ts"],
    globalSetup: ["test/clients/environment.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 600_000,
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
