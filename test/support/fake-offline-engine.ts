import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { recordingTools } from "./recording-tools.ts";

/** A working folder, and tools with a stand-in for Python that plays the story of fake-driver.ts in the engine arguments. */
export async function fakeOfflineEngine() {
  const folder = await createFixture({ "out/.keep": "" });
  const python = folder.getPath("python3");
  const driver = join(import.meta.dirname, "fake-driver.ts");
  await writeFile(python, `#!/bin/sh\nshift\nexec "${process.execPath}" "${driver}" "$@"\n`);
  await chmod(python, 0o755);
  return {
    output: folder.getPath("out"),
    tools: recordingTools({ env: { ...process.env, PITWALL_PYTHON: python } }),
    [Symbol.asyncDispose]: () => folder.rm(),
  };
}
