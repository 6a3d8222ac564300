import { join } from "node:path";
import { inject } from "vitest";

const root = inject("release");

/** The release that was built before the first test, for all to share: tests only read it. */
export const release = { root, bundle: (name: string) => join(root, "dist", `${name}.mjs`) };

/** Where Node keeps what it compiled of these bundles. They lie somewhere else each time, so it goes when they go. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(root, "compile-cache") };
