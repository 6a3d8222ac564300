import { z } from "zod";

const numbered = z.string().regex(/^\d{1,4}(\.\d{1,6}){0,3}$/, "must be a version of numbers, as in 12.4.0");
/** A name that Docker takes, with or without registry and tag. */
const imageName = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9][a-z0-9._:/-]*(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$/,
    "must be the name of an image",
  );
/** It becomes part of a tag. */
const groupName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be a name that can be an image's tag");
/** One of pip's, and no option of it. */
const requirement = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?([<>=!~]=?[A-Za-z0-9.*+!,<>=~-]+)?$/,
    "must be a requirement of pip without spaces, as in ray>=2.9.0",
  );
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
    groupName,
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
