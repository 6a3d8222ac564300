import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { nearNames } from "../../near-names.ts";
import { readPlain } from "../../plain-file.ts";
import { contradictions } from "./contradictions.ts";
import { VersionSpecsFile } from "./version-specs-file.ts";

/** Versions of the engine that are tested in one image. */
export interface VersionGroup {
  name: string;
  versions: readonly string[];
  instances: number;
  cuda: string;
  python: string;
  pytorch: string;
  /** What its first layer is made from. */
  baseImage: string;
  /** Name and tag. */
  image: string;
  /** What the tests of any of its versions need, in pip's words. */
  testRequirements: readonly string[];
}

export interface VersionSpecs {
  groups: ReadonlyMap<string, VersionGroup>;
  groupOfVersion: ReadonlyMap<string, VersionGroup>;
}

/** @throws UserError naming the file and the field at fault, or all that contradicts itself in it */
export async function readVersionSpecs(path: string): Promise<VersionSpecs> {
  return parseVersionSpecs(await readPlain(path), path);
}

/** @param name of the file, for errors @throws UserError */
export function parseVersionSpecs(text: string, name: string): VersionSpecs {
  const file = parseJson(text, VersionSpecsFile, name);
  const found = contradictions(file);
  if (found.length > 0) throw new UserError(`${name} contradicts itself:\n${found.join("\n")}`);
  const groups = new Map(Object.keys(file.version_groups).map((group) => [group, groupOf(group, file)]));
  const groupOfVersion = new Map(
    Object.entries(file.version_to_group).map(([version, group]) => [version, groups.get(group)!]),
  );
  return { groups, groupOfVersion };
}

function groupOf(name: string, { version_groups, versions: all }: VersionSpecsFile): VersionGroup {
  const { versions, instance_count, base_image, docker_image, cuda, python, pytorch } = version_groups[name]!;
  const testRequirements = [...new Set(versions.flatMap((version) => all[version]!.test_requirements))];
  return {
    name,
    versions,
    instances: instance_count,
    cuda,
    python,
    pytorch,
    baseImage: base_image,
    image: docker_image,
    testRequirements,
  };
}

/** The group, and with it the image, of a version. @throws UserError with the versions nearest to an unknown one */
export function groupOfVersion({ groupOfVersion: known }: VersionSpecs, version: string): VersionGroup {
  const group = known.get(version);
  if (group !== undefined) return group;
  throw new UserError(`version ${version} is in no group; did you mean ${nearNames(version, known.keys())}?`);
}

/** @throws UserError with the groups nearest to an unknown one */
export function groupNamed({ groups }: VersionSpecs, name: string): VersionGroup {
  const group = groups.get(name);
  if (group !== undefined) return group;
  throw new UserError(`there is no version group ${name}; did you mean ${nearNames(name, groups.keys())}?`);
}
