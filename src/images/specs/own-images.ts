import { z } from "zod";
import { imageName, numbered, requirement, tagName } from "./words.ts";

const commit = z.string().regex(/^[0-9a-f]{40}$/, "must be a whole commit id of 40 hexadecimal digits");
const someCommit = z.string().regex(/^[0-9a-f]{7,40}$/, "must be a commit id of 7 to 40 hexadecimal digits");
const repository = z
  .string()
  .regex(
    /^(https?:\/\/|ssh:\/\/|git:\/\/|git@)[A-Za-z0-9]\S*$/,
    "must be the URL of a git repository, as in https://example.org/vllm.git",
  )
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), {
    message: "must have no name or password in it: what a build is given stands in the image's history",
  });

const VLLM_REPOSITORY = "https://github.com/vllm-project/vllm.git";

const Release = z.strictObject({
  release: z.string().regex(/^\d[A-Za-z0-9.+]*$/, "must be a release, as in 0.6.4.post1"),
});
const Nightly = z.strictObject({ nightly: commit });
const Source = z.strictObject({
  source: someCommit,
  repository: repository.default(VLLM_REPOSITORY),
  /** Absent: by the memory that is free when it is built. */
  "max-jobs": z.int().min(1).max(1024).optional(),
});

/** How an engine comes into an image. */
export type EngineSource = z.output<typeof Release> | z.output<typeof Nightly> | z.output<typeof Source>;

const OwnImage = z.strictObject({
  "base-image": imageName,
  /** Absent: an image for the CPU. */
  cuda: numbered.optional(),
  python: numbered,
  pytorch: numbered,
  /** Absent: the source will be mounted. */
  engine: z.union([Release, Nightly, Source]).optional(),
  "test-requirements": z.array(requirement).default([]),
  /** Absent: those that there are for its CUDA and PyTorch. */
  kernels: z.array(requirement).optional(),
});
export type OwnImage = z.output<typeof OwnImage>;

/** `images` of pitwall.yml: name, which becomes the tag, and what is in it. */
export const OwnImages = z.record(tagName, OwnImage);
export type OwnImages = z.output<typeof OwnImages>;
