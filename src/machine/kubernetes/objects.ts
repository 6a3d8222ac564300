import { z } from "zod";
import { UserError } from "../../errors.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { CommandOptions } from "../command.ts";
import { askKubectl, explainKubectl, type Kubectl, kubectlPrints } from "./client.ts";

/** What it takes to find an object again, and to delete it. */
export type ObjectName = NonNullable<EngineRecord["cluster"]>["objects"][number];

const Labels = z.record(z.string(), z.string());

/** What is read of any object; kinds add what they have. */
export const AnyObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    labels: Labels.nullish(),
    generation: z.number().optional(),
    deletionTimestamp: z.string().nullish(),
  }),
});
export type AnyObject = z.infer<typeof AnyObject>;

const Answer = z.union([z.looseObject({ kind: z.string().regex(/List$/), items: z.array(AnyObject) }), AnyObject]);

/** The objects that `-o json` prints: a list, a single one, or nothing. @throws UserError when it is no such answer */
export function printedObjects(stdout: string): AnyObject[] {
  if (stdout.trim() === "") return [];
  const { data, error } = Answer.safeParse(jsonOf(stdout));
  if (data === undefined) throw new UserError(`kubectl printed no list of objects: ${z.prettifyError(error)}`);
  return "items" in data ? (data.items as AnyObject[]) : [data as AnyObject];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

export const nameOf = ({ apiVersion, kind, metadata }: AnyObject): ObjectName => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace ?? null,
});

/** As people and kubectl write it. */
export const shownName = ({ kind, name }: Pick<ObjectName, "kind" | "name">) => `${kind}/${name}`;

/** For `kubectl … -f -`: the names alone, so that no secret of a manifest has to be kept for it. */
function asList(objects: readonly ObjectName[]): string {
  const items = objects.map(({ apiVersion, kind, name, namespace }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === null ? {} : { namespace }) },
  }));
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

type Options = Pick<CommandOptions, "env" | "signal">;

/** Those of the objects that are there. @throws UserError when the cluster cannot say */
export async function findObjects(
  kubectl: Kubectl,
  objects: readonly ObjectName[],
  options: Options = {},
): Promise<AnyObject[]> {
  if (objects.length === 0) return [];
  const args = ["get", "-f", "-", "--ignore-not-found", "-o", "json", "--request-timeout", "30s"];
  const asked = { ...options, input: asList(objects) };
  return printedObjects(
    await kubectlPrints("whether the engine's objects are there cannot be told", kubectl, args, asked),
  );
}

/** What a pod is given to end (30 s by default), and its controllers to see it. */
const DELETE_SECONDS = 120;

/**
 * Deletes objects with all that they own, and waits until they are gone, for a GPU that is held belongs to nobody else.
 * One that is not there is none to delete.
 * @throws UserError when one may still be there
 */
export async function deleteObjects(
  kubectl: Kubectl,
  objects: readonly ObjectName[],
  options: Options = {},
): Promise<void> {
  if (objects.length === 0) return;
  const flags = ["--ignore-not-found", "--cascade=foreground", "--wait", `--timeout=${DELETE_SECONDS}s`];
  const { exitCode, stderr } = await askKubectl(kubectl, ["delete", "-f", "-", ...flags], {
    ...options,
    input: asList(objects),
  });
  if (exitCode === 0) return;
  const names = objects.map(
    ({ namespace, ...object }) => `${namespace === null ? "" : `-n ${namespace} `}${shownName(object)}`,
  );
  throw new UserError(
    `the engine's objects could not be deleted: ${explainKubectl(stderr)}. Delete them by hand: kubectl delete ${names.join(", ")}`,
  );
}
