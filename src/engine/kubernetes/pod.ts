import { z } from "zod";
import { AnyObject } from "../../machine/kubernetes/objects.ts";

const Ended = z.looseObject({
  exitCode: z.number(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});
const State = z
  .looseObject({
    waiting: z.looseObject({ reason: z.string().nullish(), message: z.string().nullish() }).nullish(),
    running: z.looseObject({}).nullish(),
    terminated: Ended.nullish(),
  })
  .nullish();

const ContainerStatus = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  imageID: z.string().nullish(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: State,
  lastState: State,
});
export type ContainerStatus = z.infer<typeof ContainerStatus>;

const Container = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  command: z.array(z.string()).nullish(),
  args: z.array(z.string()).nullish(),
  resources: z.looseObject({ limits: z.record(z.string(), z.union([z.string(), z.number()])).nullish() }).nullish(),
});
export type Container = z.infer<typeof Container>;

/** A condition of a pod or a workload. */
const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});

/** A pod, as far as it tells how the engine in it does. */
export const Pod = AnyObject.extend({
  metadata: AnyObject.shape.metadata.extend({
    ownerReferences: z.array(z.looseObject({ kind: z.string() })).nullish(),
  }),
  spec: z.looseObject({ nodeName: z.string().nullish(), containers: z.array(Container).default([]) }),
  status: z
    .looseObject({
      phase: z.string().nullish(),
      reason: z.string().nullish(),
      message: z.string().nullish(),
      conditions: z.array(Condition).nullish(),
      initContainerStatuses: z.array(ContainerStatus).nullish(),
      containerStatuses: z.array(ContainerStatus).nullish(),
    })
    .default({}),
});
export type Pod = z.infer<typeof Pod>;

export const Conditions = z.array(Condition).nullish();
export const conditionOf = (conditions: z.infer<typeof Conditions>, type: string) =>
  conditions?.find((condition) => condition.type === type);

/** All containers of a pod in the order in which they run. */
export const statusesOf = ({ status }: Pod): ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
];

/** Whether it answers, or has done what it was to do. */
export const isReady = ({ status }: Pod): boolean =>
  status.phase === "Succeeded" || conditionOf(status.conditions, "Ready")?.status === "True";

/** A controller makes another one in the place of one that failed, so that it says nothing of the engine by itself. */
export const isReplaced = ({ metadata, status }: Pod): boolean =>
  status.phase === "Failed" && (metadata.ownerReferences ?? []).length > 0;

/** Which pods are an engine's: by the labels that a workload or a service selects, or by name. */
export type PodSelector = { namespace: string } & (
  | { name: string }
  | { labels: Record<string, string>; expressions: LabelExpression[] }
);

export const LabelExpression = z.looseObject({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish(),
});
type LabelExpression = z.infer<typeof LabelExpression>;

/** Whether a pod is one of them. */
export function isSelected({ metadata }: Pod, selectors: readonly PodSelector[]): boolean {
  const labels = metadata.labels ?? {};
  return selectors.some((selector) => {
    if (selector.namespace !== metadata.namespace) return false;
    if ("name" in selector) return selector.name === metadata.name;
    const has = Object.entries(selector.labels).every(([key, value]) => labels[key] === value);
    return has && selector.expressions.every((expression) => holds(expression, labels[expression.key]));
  });
}

function holds({ operator, values }: LabelExpression, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && (values ?? []).includes(value);
    case "NotIn":
      return value === undefined || !(values ?? []).includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}
