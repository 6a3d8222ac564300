import { stringify } from "yaml";

/** How the combinations of a pitwall.yml are spread over a cluster. */
export interface JobPlan {
  /** Name of Job and ConfigMap. */
  name: string;
  namespace?: string | undefined;
  /** Image with vLLM, Node 20 or newer and git. */
  image: string;
  shards: number;
  /** GPUs of each pod. */
  gpus: number;
  /** Text of the pitwall.yml, whose experiments are spread. */
  config: string;
  /** The history that all of them append to; a repository that the pods reach. */
  database: string;
  /** Secret whose key `token` opens the repository. */
  tokenSecret?: string | undefined;
  /** pitwall's version, as npx takes it. */
  version: string;
}

const CONFIG = "/etc/pitwall/pitwall.yml";

/**
 * A ConfigMap with the settings, and an indexed Job whose pods each run one shard: Kubernetes schedules them, the results meet on
 * the data branch. A pod that fails is tried once more, and costs no other (`backoffLimitPerIndex`, Kubernetes 1.29).
 */
export function jobManifest(plan: JobPlan): string {
  const { name, namespace, shards, config } = plan;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), labels: { app: "pitwall" } };
  const settings = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "pitwall.yml": config } };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: {
      completionMode: "Indexed",
      ...{ completions: shards, parallelism: shards, backoffLimitPerIndex: 1, maxFailedIndexes: shards },
      ttlSecondsAfterFinished: 86_400,
      template: { metadata: { labels: { app: "pitwall", job: name } }, spec: podOf(plan) },
    },
  };
  // kubectl reads YAML 1.1, to which a bare yes or on is no text.
  return [settings, job].map((document) => stringify(document, { version: "1.1" })).join("---\n");
}

function podOf({ name, image, gpus, tokenSecret, ...rest }: JobPlan): object {
  const secret = { valueFrom: { secretKeyRef: { name: tokenSecret, key: "token" } } };
  return {
    restartPolicy: "Never",
    containers: [
      {
        ...{ name: "pitwall", image, command: ["sh", "-c", commandOf(rest)] },
        env: [
          // A series is of a machine: pods come and go, and have a new name each.
          { name: "PITWALL_HOST_LABEL", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          ...(tokenSecret === undefined ? [] : [{ name: "PITWALL_TOKEN", ...secret }]),
        ],
        ...(gpus > 0 ? { resources: { limits: { "nvidia.com/gpu": gpus } } } : {}),
        volumeMounts: [
          { name: "settings", mountPath: "/etc/pitwall" },
          // Tensor parallelism talks through it, and a container's own has 64 MiB.
          { name: "shm", mountPath: "/dev/shm" },
        ],
      },
    ],
    volumes: [
      { name: "settings", configMap: { name } },
      { name: "shm", emptyDir: { medium: "Memory" } },
    ],
  };
}

/** Kubernetes counts from 0, shards from 1. */
function commandOf({ shards, database, version }: Pick<JobPlan, "shards" | "database" | "version">): string {
  const shard = `$((JOB_COMPLETION_INDEX + 1))/${shards}`;
  return `npx --yes pitwall@${version} run --config ${CONFIG} --shard "${shard}" --database ${quoted(database)} --skip-site`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
