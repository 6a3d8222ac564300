import type { JunitCase } from "./report.ts";

/** What is known of an instance's tests before any has run: both come from the dataset. */
export interface KnownTests {
  /** As pytest prints them. */
  ids: ReadonlySet<string>;
  /** Paths of files, from the root of the repository. */
  files: ReadonlySet<string>;
  /** Tests and files that a run was asked for, where not all that runs is: the others of their files do not count. */
  asked?: ReadonlySet<string> | undefined;
}

/**
 * The id that pytest prints, of which a report has the path with dots: where the file ends and classes begin it does not say.
 * That is settled by the report's own `file`, else by the ids and files that are known, else by pytest's names for files.
 */
export function testId(testcase: JunitCase, known: KnownTests): string {
  if (testcase.isCollection && testcase.classname === "") return nodeOf(testcase, known);
  const readings = readingsOf(testcase);
  return (
    readings.find(({ id }) => known.ids.has(id))?.id ??
    readings.find(({ file }) => known.files.has(file))?.id ??
    (readings.find(({ file }) => isNamedAsTests(file)) ?? readings[0])?.id ??
    testcase.name
  );
}

/** As pytest looks for files where nobody told it other names. */
function isNamedAsTests(file: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.startsWith("test_") || name.endsWith("_test.py");
}

interface Reading {
  id: string;
  file: string;
}

/** Folders and classes of a test; no repository has as many. */
const MOST_PARTS = 64;

/** Longest path first, for a class is named like a file more seldom than a folder is. */
function readingsOf({ classname, name, file }: JunitCase): Reading[] {
  const parts = classname.split(".");
  const own = file === undefined ? [] : modulePath(file);
  // A test that a class inherits, or a decorator wraps, has the file of that one.
  if (file !== undefined && own.every((part, index) => part === parts[index]))
    return [{ file, id: [file, ...parts.slice(own.length), name].join("::") }];
  return parts.slice(-MOST_PARTS).map((_, index) => {
    const end = parts.length - index;
    const path = `${parts.slice(0, end).join("/")}.py`;
    return { file: path, id: [path, ...parts.slice(end), name].join("::") };
  });
}

const modulePath = (file: string) => file.replace(/\.py$/, "").split(/[/.]/);

/** The id of a file or folder that could not be read. */
function nodeOf({ name, file }: JunitCase, { files }: KnownTests): string {
  if (file !== undefined) return file;
  const path = name.replaceAll(".", "/");
  const isFolder = !files.has(`${path}.py`) && [...files].some((one) => one.startsWith(`${path}/`));
  return isFolder ? path : `${path}.py`;
}

/** Whether a test counts. */
export const isAskedFor = (id: string, { asked }: KnownTests) =>
  asked === undefined || nodesOver(id).some((node) => asked.has(node));

/** The folders, file and classes that a test is in, and itself. */
export function nodesOver(id: string): string[] {
  // Parameters may hold anything.
  const end = id.indexOf("[");
  const name = end < 0 ? id : id.slice(0, end);
  const parts = name.split(/(?=\/|::)/).slice(0, MOST_PARTS);
  return [...parts.map((_, index) => parts.slice(0, index + 1).join("")), id];
}
