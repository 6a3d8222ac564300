import type { VersionSpecsFile } from "./version-specs-file.ts";

/** What of the file does not fit to what else it says, a line each; empty when all of it agrees. */
export function contradictions(file: VersionSpecsFile): string[] {
  return [...wrongCounts(file), ...wrongMembers(file), ...differingPlatforms(file), ...differingBases(file)];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function wrongCounts({ _metadata, version_groups, versions }: VersionSpecsFile): string[] {
  const groups = Object.entries(version_groups);
  const total = sum(groups.map(([, { instance_count }]) => instance_count));
  const problems = groups.flatMap(([name, group]) => {
    const found = sum(group.versions.map((version) => versions[version]?.instance_count ?? 0));
    const { instance_count } = group;
    return found === instance_count
      ? []
      : [`version_groups.${name}.instance_count is ${instance_count}, its versions have ${found}`];
  });
  if (total !== _metadata.total_instances)
    problems.push(`_metadata.total_instances is ${_metadata.total_instances}, the groups have ${total}`);
  if (groups.length !== _metadata.version_groups)
    problems.push(`_metadata.version_groups is ${_metadata.version_groups}, there are ${groups.length}`);
  return problems;
}

/** Each version is in one group, which three places say. */
function wrongMembers({ version_groups, versions, version_to_group }: VersionSpecsFile): string[] {
  const groups = Object.entries(version_groups);
  const names = new Set([
    ...Object.keys(versions),
    ...Object.keys(version_to_group),
    ...groups.flatMap(([, group]) => group.versions),
  ]);
  return [...names].flatMap((version) => {
    const listed = groups.flatMap(([name, group]) => group.versions.filter((one) => one === version).map(() => name));
    const own = versions[version]?.version_group ?? "nothing";
    const mapped = version_to_group[version] ?? "nothing";
    if (listed.length === 1 && own === listed[0] && mapped === listed[0]) return [];
    const lists = listed.length === 0 ? "no group" : listed.join(" and ");
    return [
      `version ${version}: it stands in the list of ${lists}, its own version_group is ${own}, version_to_group says ${mapped}`,
    ];
  });
}

const PLATFORM = ["cuda", "python", "pytorch", "base_image", "docker_image"] as const;

function differingPlatforms({ version_groups, versions }: VersionSpecsFile): string[] {
  return Object.entries(versions).flatMap(([version, own]) => {
    const group = version_groups[own.version_group];
    if (group === undefined) return [];
    return PLATFORM.filter((field) => own[field] !== group[field]).map(
      (field) =>
        `versions.${version}.${field} is ${own[field]}, that of its group ${own.version_group} is ${group[field]}`,
    );
  });
}

/** Groups of one CUDA and Python stand on one base, and no two groups are one image. */
function differingBases({ version_groups }: VersionSpecsFile): string[] {
  const groups = Object.entries(version_groups).map(([name, group]) => ({ name, ...group }));
  const onOneBase = Map.groupBy(groups, ({ cuda, python }) => `CUDA ${cuda} and Python ${python}`);
  const bases = [...onOneBase].flatMap(([platform, same]) => {
    const images = [...new Set(same.map(({ base_image }) => base_image))];
    return images.length === 1
      ? []
      : [`the groups of ${platform} have several values of base_image: ${images.join(", ")}`];
  });
  const oneImage = [...Map.groupBy(groups, ({ docker_image }) => docker_image)].filter(([, same]) => same.length > 1);
  return [
    ...bases,
    ...oneImage.map(
      ([image, same]) => `${same.map(({ name }) => name).join(" and ")} have the same docker_image ${image}`,
    ),
  ];
}
