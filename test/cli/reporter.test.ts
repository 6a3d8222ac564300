import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { terminalReporter } from "../../src/cli/reporter.ts";

/** What a reporter writes to a terminal, or to something that is none. */
function written(isTTY: boolean, work: (reporter: ReturnType<typeof terminalReporter>) => void, quiet = false): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 200, rows: 50 });
  work(terminalReporter({ quiet, stream: stream as unknown as NodeJS.WriteStream }));
  return String(stream.read() ?? "");
}

test("a bar on a terminal shows parts of a cell to one digit", () => {
  const text = written(true, ({ progress }) => {
    const bar = progress("Serve benchmark", 3);
    bar.update(1.23456, "c_4: 10/40 requests");
    bar.end();
  });
  expect(text).toMatch(/Serve benchmark [█░]{24} 1\.2\/3 c_4: 10\/40 requests · /);
});

test("where there is no terminal, progress is lines", () => {
  const text = written(false, ({ progress }) => {
    const lines = progress("Serve benchmark", 4);
    lines.update(1.23456, "c_4: 10/40 requests");
    lines.end();
  });
  expect(text).toBe("Serve benchmark: 1.2 of 4 (30 %), c_4: 10/40 requests\n");
});

test("quiet leaves warnings and errors alone", () => {
  const text = written(
    true,
    (reporter) => {
      reporter.info("hello");
      reporter.progress("Work", 1).end();
      reporter.warning("careful");
      reporter.error("stop");
    },
    true,
  );
  expect(text).toBe("warning: careful\nerror: stop\n");
});
