import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../src/files.ts";
import { PACKAGE_ROOT } from "../src/package-root.ts";
import { VERBS } from "../src/verbs/registry.ts";
import { actionYml } from "./generate/action-yml.ts";
import { ACTIONS } from "./generate/actions.ts";
import { catalogueModule } from "./generate/catalogue.ts";
import { grafanaDashboard } from "./generate/grafana.ts";
import { armsSchema, cellSchema, kindSchemas, pitwallSchema } from "./generate/json-schema.ts";
import { actionReadme, verbsPage } from "./generate/markdown.ts";
import { withRooms } from "./generate/rooms.ts";

const at = (path: string) => join(PACKAGE_ROOT, path);
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Every generated file, by path from the root of the repository. */
async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>([
    ...kindSchemas().map(([kind, schema]): [string, string] => [`docs/${kind}.schema.json`, json(schema)]),
    ["docs/arms.schema.json", json(armsSchema())],
    ["docs/cell.schema.json", json(cellSchema())],
    ["docs/pitwall.schema.json", json(pitwallSchema())],
    ["docs/grafana.json", json(grafanaDashboard())],
    ["src/verbs/catalogue.ts", await catalogueModule(VERBS)],
    ["docs/verbs.md", verbsPage(VERBS, ACTIONS)],
    ["ARCHITECTURE.md", withRooms(readFileSync(at("ARCHITECTURE.md"), "utf8"))],
  ]);
  for (const action of ACTIONS) {
    files.set(join(action.folder, "action.yml"), actionYml(action));
    if (action.folder !== ".") files.set(join(action.folder, "README.md"), actionReadme(action));
  }
  return files;
}

/** Files whose content on disk is not what the schemas say, with what it ought to be. */
export async function staleFiles(): Promise<Map<string, string>> {
  const isStale = ([path, content]: [string, string]) =>
    !existsSync(at(path)) || readFileSync(at(path), "utf8") !== content;
  return new Map([...(await generatedFiles())].filter(isStale));
}

async function main(args: readonly string[]): Promise<void> {
  const stale = await staleFiles();
  if (!args.includes("--check")) {
    for (const [path, content] of stale) {
      await writeFileAtomically(at(path), content);
      console.log(`wrote ${path}`);
    }
  } else if (stale.size > 0) {
    console.error(["stale, renew with `npm run generate`:", ...stale.keys()].join("\n  "));
    process.exitCode = 1;
  }
}

if (import.meta.main) await main(process.argv.slice(2));
