import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { IMPORT_FORMATS } from "../../src/formats/import.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { exportData } from "../../src/verbs/export.ts";
import { recordingTools } from "../support/recording-tools.ts";

const page = readFileSync(join(PACKAGE_ROOT, "docs/formats.md"), "utf8");
const firstColumn = [...page.matchAll(/^\| `([\w.-]+)` \|/gm)].map(([, name]) => name!);
const commands = [...page.matchAll(/`npx pitwall export ([^`]+ --file [^`]+)`/g)].map(([, line]) => line!.split(" "));

test("the page has every format", () => {
  const formats: string[] = exportData.inputs.shape.format.unwrap().options;
  for (const format of [...formats.filter((name) => name !== "mlflow"), ...IMPORT_FORMATS]) {
    expect(firstColumn).toContain(format);
  }
});

test.each(commands.map((words) => [words[words.indexOf("--format") + 1]!, words] as const))(
  "its command for %s writes a file",
  async (_, words) => {
    await using folder = await createFixture();
    const pairs = words.flatMap((word, index) => (word.startsWith("--") ? [[word.slice(2), words[index + 1]!]] : []));
    const file = folder.getPath("out");
    const given = { ...Object.fromEntries(pairs), database: join(PACKAGE_ROOT, "fake_db"), file };
    const { outputs } = await exportData.run(exportData.inputs.parse(given), recordingTools());
    expect(outputs.runs).toBeGreaterThan(0);
    expect(existsSync(file)).toBe(true);
  },
);
