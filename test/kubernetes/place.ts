import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFixture } from "fs-fixture";
import { inject } from "vitest";
import { stringify } from "yaml";
import type { ClusterEngine } from "../../src/engine/engine.ts";
import { startEngine } from "../../src/engine/start.ts";
import { startPitwall } from "../support/cli.ts";
import { addExecutable } from "../support/fake-engine.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { startCluster } from "./cluster/cluster.ts";

const REPOSITORY = join(import.meta.dirname, "../..");

/** What the images of the stand-in run. */
const IMAGES = {
  "org/simulated:1": (words: string[], port: number) => {
    const [, model, ...args] = words;
    const listen = ["--host", "127.0.0.1", "--port", String(port)];
    return [join(REPOSITORY, "src/simulator/main.ts"), ...listen, "--model", model!, ...args];
  },
  "org/vllm:1": (words: string[], port: number) => {
    const listen = ["--host", "127.0.0.1", "--port", String(port)];
    return [join(REPOSITORY, "test/support/fake-vllm.ts"), ...words, ...listen];
  },
};

interface Given {
  name?: string;
  image?: string;
  args?: string[];
  labels?: Record<string, string>;
  limits?: Record<string, string | number>;
}

/** A deployment of one pod. */
export function deployment({ name = "vllm", image = "org/vllm:1", args, labels, limits }: Given = {}): object {
  const container = { name: "vllm", image, args: args ?? ["serve", "org/model"], resources: { limits: limits ?? {} } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...labels } }, spec: { containers: [container] } },
    },
  };
}

/** By default of type NodePort, on a port that the stand-in chooses. */
export const service = (name = "vllm", spec: object = { type: "NodePort" }): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ name: "http", port: 8000 }], ...spec },
});

/** A cluster, a working folder and manifests in it. */
export async function workplace() {
  const cluster = await startCluster(IMAGES);
  const folder = await createFixture({ kubeconfig: cluster.kubeconfig });
  const env = {
    ...process.env,
    HOME: folder.path,
    KUBECONFIG: folder.getPath("kubeconfig"),
    PITWALL_KUBECTL: inject("kubectl"),
    NO_COLOR: "1",
  };
  const output = folder.getPath(".pitwall/out");
  const tools = recordingTools({ env });
  const useKubectl = async (but: string) => {
    const lines = [`case " $* " in ${but} esac`, `exec "${inject("kubectl")}" "$@"`];
    env.PITWALL_KUBECTL = await addExecutable(folder.path, "kubectl", lines.join("\n"));
  };
  return {
    ...{ cluster, folder, env, output, tools },
    /** Writes a manifest. @returns its path */
    manifest(objects: (object | string)[], name = "engine.yaml"): string {
      mkdirSync(dirname(folder.getPath(name)), { recursive: true });
      writeFileSync(
        folder.getPath(name),
        objects.map((object) => (typeof object === "string" ? object : stringify(object))).join("---\n"),
      );
      return folder.getPath(name);
    },
    start(kubernetes: Partial<ClusterEngine["kubernetes"]>, options: Partial<ClusterEngine> = {}) {
      const patience = { startTimeoutSeconds: 30, pollSeconds: 0.2 };
      const engine = { kind: "kubernetes", output, ...patience, ...options } as const;
      return startEngine({ ...engine, kubernetes: { access: "auto", ...kubernetes } }, tools);
    },
    pitwall: (...args: string[]) => startPitwall(args, folder.path, env),
    /** A kubectl that does as the real one, but tunnels through a program of ours: the stand-in has no tunnels. */
    async useTunnel(port: string) {
      const tunnel = join(REPOSITORY, "test/support/fake-tunnel.ts");
      await useKubectl(`*" port-forward "*) exec "${process.execPath}" "${tunnel}" "${port}" "$@" ;;`);
    },
    /** One whose watch ends without a word each time, as behind a proxy that allows no long answers. */
    useBlindWatch: () => useKubectl('*" --watch "*) sleep 0.5; exit 1 ;;'),
    async [Symbol.asyncDispose]() {
      if (existsSync(output)) await startPitwall(["start-engine", "--stop"], folder.path, env).ended;
      await cluster[Symbol.asyncDispose]();
      await folder.rm();
    },
  };
}
