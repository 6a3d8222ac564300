import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BuildHow } from "../../../src/images/build/commands.ts";
import { shellLines } from "../../../src/images/build/shell-lines.ts";
import { planImages } from "../../../src/images/plan/plan.ts";
import { selectImages } from "../../../src/images/plan/select.ts";
import { parseVersionSpecs } from "../../../src/images/specs/version-specs.ts";

const file = join(import.meta.dirname, "../../fixtures/infra-gym/version_specs.json");
const specs = parseVersionSpecs(readFileSync(file, "utf8"), file);
const plan = planImages({ specs, own: {}, tagPrefix: undefined, kernels: undefined });
const how: BuildHow = {
  ...{ builder: "buildx", folder: "docker", registry: undefined, push: false, noCache: false, platforms: [] },
  ...{ layerCache: undefined, buildArgs: [], buildOptions: [], proxies: [] },
};

test.each([...specs.groupOfVersion.keys()])(
  "the commands for vLLM %s are those of its golden file",
  async (version) => {
    const lines = selectImages(plan, [version]).flatMap((image) => shellLines(image, "KEY", how));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`golden/${version}.sh`);
  },
);
