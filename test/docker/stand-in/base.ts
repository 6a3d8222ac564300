import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeWheels } from "./wheels.ts";

const PROGRAMS = [
  ...["bash", "sh", "cat", "chmod", "chown", "cp", "cut", "date", "dirname", "env", "head", "id", "ls", "ln", "mkdir"],
  ...["mktemp", "mv", "nproc", "readlink", "rm", "sleep", "sort", "tail", "timeout", "touch", "tr", "true", "uname"],
  ...["wc", "awk", "basename", "grep", "kill", "sed", "tar", "git", "groupadd", "useradd"],
];

/** A package manager that has everything already. */
const NOTHING_TO_DO = '#!/bin/bash\necho "stand-in: $0 $* http_proxy=$http_proxy HTTP_PROXY=$HTTP_PROXY"\n';

const FILES: Record<string, string> = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
  "etc/group": "root:x:0:\n",
  "etc/shadow": "root:*:19000:0:99999:7:::\n",
  "etc/gshadow": "root:*::\n",
  "etc/login.defs": "UID_MIN 900\nGID_MIN 900\n",
  "etc/hosts": "127.0.0.1 localhost\n",
  "etc/pip.conf":
    "[global]\nno-index = true\nfind-links = /opt/wheels\ndisable-pip-version-check = true\n[install]\nno-compile = true\n",
};

const output = (program: string, args: readonly string[]) => execFileSync(program, args, { encoding: "utf8" }).trim();

/**
 * Imports one small root file system under the names of base images: bash, git, Python and a folder of wheels, from what this
 * machine has. It stands where `nvidia/cuda` would, with a package manager that does nothing.
 * @param folder of its own, for what is made on the way
 */
export function importStandInBase(folder: string, host: string, images: readonly string[]): void {
  const root = join(folder, "stand-in");
  makeRoot(root);
  const archive = join(folder, "stand-in.tar");
  execFileSync("tar", [
    "--create",
    "--numeric-owner",
    "--owner=0",
    "--group=0",
    "--file",
    archive,
    "--directory",
    root,
    ".",
  ]);
  const [first, ...others] = images;
  const docker = (...args: string[]) => execFileSync("docker", ["--host", host, ...args], { stdio: "pipe" });
  docker("import", "--change", "ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", archive, first!);
  for (const image of others) docker("tag", first!, image);
}

function makeRoot(root: string): void {
  for (const [path, text] of Object.entries(FILES)) write(join(root, path), text);
  for (const name of ["apt-get", "apt-cache", "curl", "ccache"])
    write(join(root, "usr/bin", name), NOTHING_TO_DO, 0o755);
  mkdirSync(join(root, "tmp"));
  chmodSync(join(root, "tmp"), 0o1777);
  for (const folder of ["root", "var/tmp", "var/lib/apt/lists"]) mkdirSync(join(root, folder), { recursive: true });
  for (const name of PROGRAMS) copyProgram(root, name);
  copyPython(root);
  copyGitScripts(root);
  makeWheels(join(root, "opt/wheels"));
}

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

function copy(root: string, from: string, to = from): void {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  cpSync(from, join(root, to), { recursive: true, dereference: true });
}

function copyLibraries(root: string, files: readonly string[]): void {
  const found = output("ldd", files).match(/(?<=\s)\/\S+(?= \(0x)/g) ?? [];
  for (const path of new Set(found)) if (!existsSync(join(root, path))) copy(root, path);
}

function copyProgram(root: string, name: string): void {
  const path = realpathSync(output("bash", ["-c", `PATH=$PATH:/usr/sbin type -P ${name}`]));
  copy(root, path, join("/usr/bin", name));
  copyLibraries(root, [path]);
  if (name === "bash" || name === "sh") copy(root, path, join("/bin", name));
}

const LOCATE = `import ensurepip, json, os, sys, sysconfig
wheels = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")
print(json.dumps([os.path.realpath(sys.executable), sysconfig.get_path("stdlib"), os.path.isdir(wheels)]))`;

const LEFT_OUT = /^(test|idlelib|tkinter|turtledemo|lib2to3|site-packages|dist-packages|__pycache__|config-.*)$/;

/** As /usr/local/bin/python3.x, also under the names of versions that the specs ask for. */
function copyPython(root: string): void {
  const [program, library, hasWheels] = JSON.parse(output("python3", ["-c", LOCATE])) as [string, string, boolean];
  const version = basename(library);
  copy(root, program, join("/usr/local/bin", version));
  for (const name of ["python3", "python3.10", "python3.12"]) symlinkSync(version, join(root, "usr/local/bin", name));
  const filter = (path: string) => path === library || !LEFT_OUT.test(basename(path));
  cpSync(library, join(root, "usr/local/lib", version), { recursive: true, dereference: true, filter });
  // Debian's ensurepip takes its wheels from there.
  if (!hasWheels) copy(root, "/usr/share/python-wheels");
  const modules = join(library, "lib-dynload");
  copyLibraries(root, [program, ...readdirSync(modules).map((name) => join(modules, name))]);
}

/** Commands of git that are shell scripts; all others are git itself. */
function copyGitScripts(root: string): void {
  const folder = output("git", ["--exec-path"]);
  for (const name of ["git-sh-setup", "git-sh-i18n", "git-submodule"]) copy(root, join(folder, name));
  symlinkSync("/usr/bin/git", join(root, folder, "git"));
}
