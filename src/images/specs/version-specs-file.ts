import { z } from "zod";
import { imageName, numbered, requirement, tagName } from "./words.ts";

const count = z.int().min(0);

const Platform = {
  cuda: numbered,
  python: numbered,
  pytorch: numbered,
  base_image: imageName,
  docker_image: imageName,
};

/** `version_specs.json` of infra-gym, as it is; names that are not used here are let through. */
export const VersionSpecsFile = z.object({
  _metadata: z.object({ total_instances: count, version_groups: count }),
  version_groups: z.record(
    tagName,
    z.object({ ...Platform, versions: z.array(z.string().min(1)).min(1), instance_count: count }),
  ),
  versions: z.record(
    z.string().min(1),
    z.object({
      ...Platform,
      version_group: z.string(),
      instance_count: count,
      test_requirements: z.array(requirement),
    }),
  ),
  version_to_group: z.record(z.string(), z.string()),
});
export type VersionSpecsFile = z.output<typeof VersionSpecsFile>;
