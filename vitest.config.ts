import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/clients/**",
      "test/docker/**",
      "test/races/**",
      "test/vllm/**",
      "test/workflow/**",
      "**/node_modules/**",
    ],
    // Most tests wait for processes: one worker a core, where vitest leaves a core free.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    // What is read of data branches is cached here, and not in the home of whoever tests.
    env: {
      PITWALL_CLIENT_LIMITS: "off",
      XDG_CACHE_HOME: join(import.meta.dirname, "node_modules", ".cache", "pitwall-test"),
    },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
