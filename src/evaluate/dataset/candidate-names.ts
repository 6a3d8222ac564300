import { createHash } from "node:crypto";

/** Folders that are not a model's. */
const TAKEN = ["gold", "empty"];
const LONGEST = 100;
const DIGITS = 8;

/**
 * Names of folders for models: their own where they are safe as one, else what is safe of them with a digest, so that two models
 * never share a folder; a file system may not tell capitals apart.
 */
export function candidateNames(models: readonly string[]): Map<string, string> {
  const plain = models.map((model) =>
    model
      .replace(/[^A-Za-z0-9_.-]/g, "_")
      .replace(/^[.-]/, "_")
      .slice(0, LONGEST),
  );
  const uses = Map.groupBy([...TAKEN, ...plain], (name) => name.toLowerCase());
  return new Map(
    models.map((model, index) => {
      const name = plain[index]!;
      const isOwn = name === model && uses.get(name.toLowerCase())!.length === 1;
      return [model, isOwn ? name : `${name}-${digestOf(model)}`];
    }),
  );
}

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
