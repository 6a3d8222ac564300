import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/workflow/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    env: { PITWALL_CLIENT_LIMITS: "off" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
