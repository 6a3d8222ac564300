import { cut, LIMITS } from "../../foreign-text/limits.ts";
import { shellWords } from "../../machine/shell-words.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { present } from "../../result/present.ts";
import { SECRET_FLAG } from "../launch/secret-flag.ts";
import { type Container, isReady, type Pod } from "./pod.ts";
import type { Node } from "./route.ts";

type Cluster = NonNullable<EngineRecord["cluster"]>;
type Facts = Pick<EngineRecord, "args" | "image" | "imageDigest"> & Pick<Cluster, "gpu" | "gpuCount" | "driver">;

/** Resources that device plugins name: NVIDIA's GPUs and their slices, AMD's, Intel's, Gaudi, Ascend, TPU. */
const ACCELERATOR =
  /^(nvidia\.com\/(gpu|mig-.+)|amd\.com\/gpu|gpu\.intel\.com\/\w+|habana\.ai\/gaudi|huawei\.com\/Ascend\w*|google\.com\/tpu)/;
/** Labels of nodes, by NVIDIA's GPU feature discovery, AMD's node labeller and Google's clusters. */
const GPU_LABELS = [
  "nvidia.com/gpu.product",
  "amd.com/gpu.product-name",
  "beta.amd.com/gpu.product-name",
  "cloud.google.com/gke-accelerator",
];
const DRIVER_LABELS = ["nvidia.com/cuda.driver-version.full", "amd.com/gpu.driver-version"];

/** What is known of an engine by its pods and their nodes; where nobody says, nothing. Pure. */
export function factsOfPods(pods: readonly Pod[], nodes: readonly Node[]): Facts {
  const serving = pods.filter((pod) => isReady(pod) && pod.status.phase !== "Succeeded");
  const all = serving.flatMap((pod) => pod.spec.containers.map((container) => ({ pod, container })));
  const computing = all.filter(({ container }) => acceleratorsOf(container) > 0);
  // Beside one that computes, others are proxies and helpers.
  const engines = computing.length > 0 ? computing : all;
  const names = new Set(engines.map(({ pod }) => pod.spec.nodeName));
  const at = nodes.filter(({ metadata }) => names.has(metadata.name));
  const count = engines.reduce((sum, { container }) => sum + acceleratorsOf(container), 0);
  return {
    args: [
      ...new Map(
        engines.map(({ container }) => [JSON.stringify([container.command, container.args]), container]),
      ).values(),
    ].flatMap(engineArguments),
    ...present({
      image: joined(engines.map(({ container }) => container.image)),
      imageDigest: joined(engines.map(({ pod, container }) => digestOf(pod, container))),
    }),
    gpu: labelOf(at, GPU_LABELS),
    gpuCount: count > 0 ? count : null,
    driver: labelOf(at, DRIVER_LABELS),
  };
}

function acceleratorsOf({ resources }: Container): number {
  const limits = Object.entries(resources?.limits ?? {}).filter(([name]) => ACCELERATOR.test(name));
  return limits.reduce((sum, [, count]) => sum + (Number(count) || 0), 0);
}

/** `name@sha256:…`, without the scheme that Docker put before it. */
function digestOf({ status }: Pod, { name }: Container): string | undefined {
  const id = status.containerStatuses?.find((one) => one.name === name)?.imageID;
  return id ? id.replace(/^docker(-pullable)?:\/\//, "") : undefined;
}

const joined = (texts: (string | null | undefined)[]) =>
  [...new Set(texts.filter((text) => text != null && text !== ""))].join(" + ") || undefined;

const labelOf = (nodes: readonly Node[], names: readonly string[]) =>
  joined(nodes.map(({ metadata }) => names.map((name) => metadata.labels?.[name]).find(Boolean))) ?? null;

const SHELL = /(^|\/)(ba|da|z)?sh$/;
const ITS_OWN = /^--(model|host|port)$/;

/**
 * What a container gives its engine, without the program, the model, address and port, and without secrets, for it is
 * stored. Of a shell's line the words behind `serve`, up to the next command. Pure.
 */
export function engineArguments({ command, args }: Container): string[] {
  const words = unshelled([...(command ?? []), ...(args ?? [])]);
  const at = words.findIndex((word) => word === "serve" || /api_server(\.py)?$/.test(word));
  const given = words.slice(at + 1);
  const isModel = given[0] !== undefined && !given[0].startsWith("-");
  return withoutOwn(isModel ? given.slice(1) : given).map((argument) => cut(argument, LIMITS.argument));
}

function unshelled(words: readonly string[]): readonly string[] {
  const [program = "", flag = "", line] = words;
  if (!SHELL.test(program) || !/^-\w*c$/.test(flag) || line === undefined) return words;
  const commands = line.replaceAll("\\\n", " ").split(/[;&|\n]+/);
  const serving = commands.find((part) => /\bserve\b|api_server/.test(part)) ?? line;
  try {
    return shellWords(serving).filter((word) => word !== "exec");
  } catch {
    return [line];
  }
}

function withoutOwn(args: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [flag = "", inline] = args[at]!.split(/=(.*)/s);
    const name = flag.replaceAll("_", "-");
    if (!ITS_OWN.test(name) && !SECRET_FLAG.test(name)) kept.push(args[at]!);
    else if (inline === undefined && args[at + 1] !== undefined && !args[at + 1]!.startsWith("-")) at += 1;
  }
  return kept;
}
