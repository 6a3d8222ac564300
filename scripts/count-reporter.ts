import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with "N passed, N failed" alone on a line, the one summary every CI log reader understands. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    // A file or a beforeAll that breaks runs no test: such a file is one failure.
    const brokenFiles = modules.filter((module) => module.state() === "failed" && !hasFailedTest(module)).length;
    const passed = states.filter((state) => state === "passed").length;
    const failed = states.filter((state) => state === "failed").length + brokenFiles + unhandled.length;
    process.on("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}

function hasFailedTest(module: TestModule): boolean {
  return [...module.children.allTests("failed")].length > 0;
}
