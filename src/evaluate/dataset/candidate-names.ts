import { createHash } from "node:crypto";

/** What else lies in the folder of results, beside files like run.json. */
const TAKEN = ["gold", "empty", "patches", "trees", "by-hand"];
const LIKE_A_FILE = /\.(json|md|html)$/i;
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
      const isOwn = name === model && !LIKE_A_FILE.test(name) && uses.get(name.toLowerCase())!.length === 1;
      return [model, isOwn ? name : `${name}-${digestOf(model)}`];
    }),
  );
}

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
