/** What a patch of the engine's repository does to its package. */
export type Touched =
  | { kind: "package"; files: readonly string[] }
  | { kind: "nothing"; detail: string }
  | { kind: "needs-build"; detail: string };

/** The repository's folder that is the package itself. */
const PACKAGE = "vllm/";

/** Files that no engine reads when it runs. */
const ASIDE =
  /^(tests|docs|benchmarks|examples|tools|docker|\.[^/]+)\/|^[^/]+\.(md|rst|txt)$|^\.[^/]+$|^(mkdocs|codecov|format)[^/]*$/;

/** Sources of what is compiled, wherever they stand. */
const COMPILED = /\.(cu|cuh|c|cc|cpp|h|hpp|pyx|rs|proto|so)$|(^|\/)CMakeLists\.txt$/;

/**
 * Whether a patch can be put onto a package that is installed: only its Python and data files are there.
 * @param paths of the files that the patch touches, from the repository's root
 */
export function touchedFiles(paths: readonly string[]): Touched {
  if (paths.length === 0) return { kind: "nothing", detail: "the patch is empty" };
  const strange = paths.find((path) => path.split("/").includes("..") || path.startsWith("/"));
  if (strange !== undefined) return { kind: "needs-build", detail: `it names ${strange}, outside of the repository` };
  const built = paths.find((path) => COMPILED.test(path) || !(path.startsWith(PACKAGE) || ASIDE.test(path)));
  if (built !== undefined) {
    return {
      kind: "needs-build",
      detail: `it touches ${built}, which takes effect only in a build: build the engine with it, and give that as image or program`,
    };
  }
  const files = paths.filter((path) => path.startsWith(PACKAGE));
  if (files.length > 0) return { kind: "package", files };
  return { kind: "nothing", detail: `it changes no file of the package: ${paths.slice(0, 5).join(", ")}` };
}
