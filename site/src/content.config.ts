import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
import { Run } from "../../src/result/run.ts";

/** Folder of a data branch; relative to the project root. */
const base = process.env.PITWALL_DATABASE ?? "../fake_db";

export const collections = {
  runs: defineCollection({
    loader: glob({ base, pattern: "runs/*/*/*.json", generateId: ({ data }) => String(data.id) }),
    schema: Run,
  }),
};
