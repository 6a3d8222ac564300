import { z } from "zod";

/** YAML takes 3.10 without quotes for the number 3.1. */
export const numbered = z
  .string({ error: ({ input }) => (typeof input === "number" ? 'must be text in quotes, as in "3.10"' : undefined) })
  .regex(/^\d{1,4}(\.\d{1,6}){0,3}$/, "must be a version of numbers, as in 12.4.0");

/** A name that Docker takes, with or without registry and tag. */
export const imageName = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9][a-z0-9._:/-]*(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$/,
    "must be the name of an image",
  );

/** It becomes part of a tag. */
export const tagName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be a name that can be an image's tag");

/** One of pip's, and no option of it. */
export const requirement = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?([<>=!~]=?[A-Za-z0-9.*+!,<>=~-]+)?$/,
    "must be a requirement of pip without spaces, as in ray>=2.9.0",
  );
