import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/workflow/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
