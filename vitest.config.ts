import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/clients/**", "test/docker/**", "test/vllm/**", "test/workflow/**", "**/node_modules/**"],
    // Most tests wait for processes: one worker a core, where vitest leaves a core free.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    env: { PITWALL_CLIENT_LIMITS: "off" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
