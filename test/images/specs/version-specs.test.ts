import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { groupNamed, groupOfVersion, parseVersionSpecs } from "../../../src/images/specs/version-specs.ts";

const FILE = join(import.meta.dirname, "../../fixtures/infra-gym/version_specs.json");
const text = readFileSync(FILE, "utf8");
const specs = parseVersionSpecs(text, FILE);

/** The real file with one change. */
function changed(change: (file: SpecsFile) => void): string {
  const file = JSON.parse(text);
  change(file);
  return JSON.stringify(file);
}

describe("infra-gym's own file", () => {
  test("has 91 instances of 21 versions in 5 groups on 4 bases", () => {
    const groups = [...specs.groups.values()];
    expect(groups.map(({ name, instances }) => [name, instances])).toEqual([
      ["v0.1-v0.2", 4],
      ["v0.3", 3],
      ["v0.4", 22],
      ["v0.5", 44],
      ["v0.6", 18],
    ]);
    expect(specs.groupOfVersion.size).toBe(21);
    expect(new Set(groups.map(({ cuda, python }) => `${cuda} ${python}`)).size).toBe(4);
  });

  test("says which image a version is tested in", () => {
    expect(groupOfVersion(specs, "0.6.3.post1")).toMatchObject({
      name: "v0.6",
      image: "infra-gym:v0.6",
      python: "3.12",
    });
    expect(groupOfVersion(specs, "0.2.4").testRequirements).toContain("sentencepiece");
  });

  test("knows no other version or group, and names the near ones", () => {
    expect(() => groupOfVersion(specs, "0.6.3")).toThrow(
      "version 0.6.3 is in no group; did you mean “0.6.3.post1”, “0.6.0” or “0.6.1”?",
    );
    expect(() => groupNamed(specs, "v0.7")).toThrow(
      "there is no version group v0.7; did you mean “v0.3”, “v0.4” or “v0.5”?",
    );
    expect(() => groupOfVersion(specs, "constructor")).toThrow("is in no group");
  });
});

type SpecsFile = {
  _metadata: { total_instances: number };
  version_groups: Record<string, Record<string, unknown> & { versions: string[] }>;
  versions: Record<string, Record<string, unknown>>;
  version_to_group: Record<string, string>;
};

describe("a file that contradicts itself is refused:", () => {
  test.each<[string, (file: SpecsFile) => void, string]>([
    [
      "a group with another count than its versions",
      (file) => Object.assign(file.version_groups["v0.5"]!, { instance_count: 43 }),
      "version_groups.v0.5.instance_count is 43, its versions have 44",
    ],
    [
      "another total",
      (file) => Object.assign(file._metadata, { total_instances: 90 }),
      "_metadata.total_instances is 90, the groups have 91",
    ],
    [
      "another number of groups",
      (file) => Object.assign(file._metadata, { version_groups: 6 }),
      "_metadata.version_groups is 6, there are 5",
    ],
    [
      "a version in two groups",
      (file) => file.version_groups["v0.6"]!.versions.push("0.3.3"),
      "version 0.3.3: it stands in the list of v0.3 and v0.6, its own version_group is v0.3, version_to_group says v0.3",
    ],
    [
      "a version in the list of none",
      (file) => Object.assign(file.version_groups["v0.1-v0.2"]!, { versions: ["0.1.4", "0.2.4"] }),
      "version 0.1.7: it stands in the list of no group",
    ],
    [
      "a version that is mapped to another group",
      (file) => Object.assign(file.version_to_group, { "0.4.1": "v0.5" }),
      "version 0.4.1: it stands in the list of v0.4, its own version_group is v0.4, version_to_group says v0.5",
    ],
    [
      "a version with another CUDA than its group",
      (file) => Object.assign(file.versions["0.4.1"]!, { cuda: "12.4.0" }),
      "versions.0.4.1.cuda is 12.4.0, that of its group v0.4 is 12.1.0",
    ],
    [
      "two groups of one image",
      (file) => {
        Object.assign(file.version_groups["v0.3"]!, { docker_image: "infra-gym:v0.4" });
        Object.assign(file.versions["0.3.3"]!, { docker_image: "infra-gym:v0.4" });
      },
      "v0.3 and v0.4 have the same docker_image infra-gym:v0.4",
    ],
  ])("%s", (_, change, expected) => {
    expect(() => parseVersionSpecs(changed(change), "specs.json")).toThrow(expected);
  });
});

describe("a bad field is named:", () => {
  test.each<[string, (file: SpecsFile) => void, string]>([
    ["missing", (file) => delete file.versions["0.5.4"]!.cuda, "versions.0.5.4.cuda: is missing"],
    [
      "no version",
      (file) => Object.assign(file.version_groups["v0.5"]!, { python: "3.10; rm" }),
      "version_groups.v0.5.python: must be a version of numbers",
    ],
    [
      "an option in place of a requirement",
      (file) => Object.assign(file.versions["0.5.4"]!, { test_requirements: ["--index-url=x"] }),
      "versions.0.5.4.test_requirements[0]: must be a requirement of pip",
    ],
    [
      "no image",
      (file) => Object.assign(file.version_groups["v0.5"]!, { base_image: "-v /:/host" }),
      "version_groups.v0.5.base_image: must be the name of an image",
    ],
  ])("%s", (_, change, expected) => {
    expect(() => parseVersionSpecs(changed(change), "specs.json")).toThrow(expected);
  });
});
