import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** Stands where `vllm` stands in an image: same command line, with the simulated engine behind it. */
const VLLM = `
const [verb, model, ...options] = process.argv.slice(2);
if (verb !== "serve") throw new Error("expected: serve MODEL, got: " + process.argv.slice(2).join(" "));
const shown = ["HF_TOKEN", "HF_HOME", "no_proxy", "NO_PROXY"].map((name) => name + "=" + process.env[name]);
console.log("environment " + shown.join(" "));
process.argv.splice(2, Infinity, "--model", model, ...options);
await import("/pitwall/dist/simulator.mjs");
`;

const IMAGES = {
  /** As vllm/vllm-openai. */
  "pitwall-test/vllm:1": ["/bin/node", "/bin/vllm.mjs", "serve"],
  /** Ends at once, with words of its own. */
  "pitwall-test/broken:1": ["/bin/node", "-e", "console.log('no driver here'); process.exit(3)"],
  /** Has no vLLM: an image like nvidia/cuda. */
  "pitwall-test/empty:1": [],
};

/** Images from scratch: the machine needs no registry. */
export function buildImages(folder: string, host: string): void {
  const context = join(folder, "context");
  const root = join(context, "root");
  for (const [from, to] of filesOfEngine()) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(from, join(root, to), { recursive: true, dereference: true });
  }
  writeFileSync(join(root, "bin", "vllm.mjs"), VLLM);
  for (const [image, entrypoint] of Object.entries(IMAGES)) {
    const recipe = `FROM scratch\nCOPY root/ /\nENTRYPOINT ${JSON.stringify(entrypoint)}\n`;
    writeFileSync(join(context, "Dockerfile"), recipe);
    const env = { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: "0" };
    execFileSync("docker", ["build", "--quiet", "--tag", image, context], { env, stdio: ["ignore", "pipe", "pipe"] });
  }
}

/** Node with the libraries that it is linked to, and our bundles: from where, to where. */
function filesOfEngine(): [from: string, to: string][] {
  const node = join(ROOT, "node_modules", "node", "bin", "node");
  const libraries = execFileSync("ldd", [node], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
  return [
    [node, "/bin/node"],
    ...libraries.map((path): [string, string] => [path, path]),
    [join(ROOT, "dist"), "/pitwall/dist"],
    [join(ROOT, "package.json"), "/pitwall/package.json"],
  ];
}
