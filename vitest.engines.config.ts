import { defineConfig } from "vitest/config";

/** Real servers behind the OpenAI API, on the CPU, one after the other: each wants the machine for itself. */
export default defineConfig({
  test: {
    include: ["test/engines/**/*.test.ts"],
    globalSetup: ["test/engines/environment.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 1_800_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    env: { PITWALL_CLIENT_LIMITS: "off" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
