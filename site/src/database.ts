import { getCollection } from "astro:content";
import { byTime } from "../../src/database/layout.ts";
import type { Run } from "../../src/result/run.ts";

/** Every run of the database, oldest first. */
export const runs: Run[] = (await getCollection("runs")).map(({ data }) => data).toSorted(byTime);
