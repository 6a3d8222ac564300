import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importStandInBase } from "./stand-in/base.ts";

const BASE = "pitwall-test/stand-in:1";
/** Python with pytest and its timeouts, run by a user of its own as infra-gym's images are, with the set-up script. */
export const PYTEST_IMAGE = "pitwall-test/pytest:1";

const RECIPE = `FROM ${BASE}
RUN ["bash", "-c", "groupadd --gid 999 vllm && useradd --uid 999 --gid 999 --create-home vllm"]
RUN ["bash", "-c", "python3 -m venv /opt/venv && /opt/venv/bin/pip install --quiet pytest pytest-timeout && chown -R 999:999 /opt/venv"]
COPY setup_vllm_env.sh /usr/local/bin/
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin
USER vllm
`;

/** @param folder of its own @param host DOCKER_HOST */
export function buildPytestImage(folder: string, host: string): void {
  importStandInBase(folder, host, [BASE]);
  const context = join(folder, "pytest-image");
  mkdirSync(context);
  writeFileSync(join(context, "Dockerfile"), RECIPE);
  cpSync(join(import.meta.dirname, "../../docker/setup_vllm_env.sh"), join(context, "setup_vllm_env.sh"));
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: "0" };
  const build = ["build", "--quiet", "--network", "none", "--tag", PYTEST_IMAGE, context];
  execFileSync("docker", build, { env, stdio: ["ignore", "pipe", "pipe"] });
}
