import { defineConfig } from "vitest/config";

/** Many writers of one data branch at once; each test has the machine for itself. */
export default defineConfig({
  test: {
    include: ["test/races/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
