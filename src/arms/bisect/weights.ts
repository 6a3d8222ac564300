/** Commits that touch nothing that an engine runs may change its numbers all the same: by what they say of a build, by mistake. */
const LITTLE = 0.1;

/** Folders at the top of an engine's repository that no engine runs. */
const ASIDE = new Set([
  ...[".buildkite", ".github", ".gemini", ".vscode"],
  ...["benchmarks", "doc", "docs", "examples", "test", "tests"],
]);
const TEXTS = [".md", ".rst", ".txt.license", ".svg", ".png"];
const NAMES = new Set(["AUTHORS", "CODEOWNERS", "LICENSE", "NOTICE", ".gitignore", ".gitattributes", "mkdocs.yaml"]);

/** How likely a commit is to have changed a number, beside others, by the paths that it touches; above 0. */
export function weightOf(paths: readonly string[]): number {
  return paths.every(isAside) ? LITTLE : 1;
}

function isAside(path: string): boolean {
  const [first, ...rest] = path.split("/");
  const name = rest.at(-1) ?? first!;
  return (rest.length > 0 && ASIDE.has(first!)) || NAMES.has(name) || TEXTS.some((end) => name.endsWith(end));
}
