/** What the system refused, to stand behind “could not be read: ” or a path; it says what to do where that is not plain. */
const WORDS: Record<string, string> = {
  EACCES: "this user may not do that; change the permissions, or choose another place",
  EPERM: "this user may not do that; change the permissions, or choose another place",
  EROFS: "the file system can only be read; choose another place",
  ENOSPC: "no space is left on the disk; free some, and try again",
  EDQUOT: "this user's share of the disk is used up; free some, and try again",
  EFBIG: "the file is larger than the file system or the limit (ulimit -f) allows",
  EISDIR: "it is a folder, and a file is wanted; name a file",
  ENOTDIR: "a part of the path is a file, and a folder is wanted; choose another path",
  ENOENT: "it does not exist",
  EEXIST: "it is there already",
  ENOTEMPTY: "the folder is not empty",
  ENAMETOOLONG: "the name is too long for this file system; choose a shorter one",
  ELOOP: "symbolic links lead in a circle there; choose another path",
  EMFILE: "this process has as many files and connections open as it may; raise the limit (ulimit -n), and try again",
  ENFILE: "this machine has as many files open as it may; close some, or raise fs.file-max",
  EIO: "the disk reports an error; look at the system's log (dmesg)",
  EBADF: "it was not opened for that",
  ENODEV: "nothing is there that could do that; choose another place",
  ETXTBSY: "it is a program that runs just now",
};

/** Whether the operating system refused something, rather than a mistake of ours. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** The words for it; undefined for what is no refusal of a file: a connection that failed, a program that was not found. */
export function systemWords(error: unknown): string | undefined {
  const isOfFile = isSystemError(error) && !error.syscall!.startsWith("spawn");
  return isOfFile ? WORDS[error.code ?? ""] : undefined;
}
