import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startDaemon } from "./daemon.ts";
import { buildImages } from "./images.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** DOCKER_HOST of the daemon under test. */
    dockerHost: string;
  }
}

/** Builds the command line and its images, with a daemon that ends with the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = join(import.meta.dirname, "..", "..");
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const folder = mkdtempSync(join(tmpdir(), "pitwall-docker-"));
  const daemon = await startDaemon(folder);
  const end = async () => {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    buildImages(folder, daemon.host);
  } catch (error) {
    await end();
    throw error;
  }
  project.provide("dockerHost", daemon.host);
  return end;
}
