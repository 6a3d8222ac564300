import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Programs that have to work in the images: downloaded once for all runs. */
const REAL = [
  ...["pytest", "pytest-asyncio", "pytest-forked", "pytest-rerunfailures", "pytest-timeout", "pytest-xdist"],
  ...["packaging", "setuptools<77", "setuptools_scm>=8,<9", "wheel"],
];

/** What is only asked whether it is there; flashinfer is in no list, so that it can never be installed. */
const EMPTY = [
  ...["2.0.1", "2.1.2", "2.3.0", "2.4.0", "2.5.0"].map((version) => `torch==${version}`),
  ...["cmake==3.31.0", "ninja==1.11.1", "numpy==1.26.4", "flash-attn==2.6.3", "vllm==0.6.4.post1"],
  ...["requests", "scipy", "sentencepiece", "einops", "sentence-transformers", "peft", "librosa", "soundfile"].map(
    (name) => `${name}==9.0.0`,
  ),
  ...["ray", "openai", "pillow", "torchmetrics", "opencv-python-headless", "decord", "jinja2", "mistral-common"].map(
    (name) => `${name}==9.0.0`,
  ),
  ...["aioprometheus", "awscli", "transformers", "tensorizer", "httpx"].map((name) => `${name}==9.0.0`),
];

/** A folder of wheels that stands where pip's index would, with all that infra-gym's images ask for. */
export function makeWheels(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", [join(import.meta.dirname, "make-wheels.py"), folder, ...EMPTY]);
  execFileSync("cp", ["--recursive", `${realWheels()}/.`, folder]);
}

function realWheels(): string {
  const cache = join(homedir(), ".cache", "pitwall", "stand-in-wheels-1");
  if (existsSync(cache)) return cache;
  const unfinished = `${cache}.${process.pid}`;
  const download = ["-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest", unfinished, ...REAL];
  execFileSync("python3", download, { stdio: ["ignore", "ignore", "inherit"] });
  renameSync(unfinished, cache);
  return cache;
}
