import type { TestProject } from "vitest/node";
import { makeRelease } from "./support/release.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the release that `npm test` builds before the first test. */
    release: string;
  }
}

/** Builds what all tests share. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const release = await makeRelease();
  project.provide("release", release.root);
  return async () => release[Symbol.asyncDispose]();
}
