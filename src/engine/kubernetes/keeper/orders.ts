import { z } from "zod";

const Selector = z.object({ namespace: z.string() }).and(
  z.union([
    z.object({ name: z.string() }),
    z.object({
      labels: z.record(z.string(), z.string()),
      expressions: z.array(
        z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }),
      ),
    }),
  ]),
);

/** What the keeper of an engine in a cluster is told, as the one argument of its program. */
export const Orders = z.strictObject({
  /** As soon as this file is there the engine is up: from then on a pod that ends, or begins again, is its end. */
  servedFile: z.string(),
  kubectl: z.strictObject({ program: z.string(), kubeconfig: z.string().nullable(), context: z.string().nullable() }),
  selectors: z.array(Selector),
  /** Puts the pod's name before each line of its log. */
  prefix: z.boolean(),
  /** A tunnel to the service's port. */
  forward: z.strictObject({ namespace: z.string(), service: z.string(), port: z.int(), localPort: z.int() }).nullable(),
});
export type Orders = z.infer<typeof Orders>;
