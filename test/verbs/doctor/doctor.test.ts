import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { doctor } from "../../../src/verbs/doctor/doctor.ts";
import { pitwall } from "../../support/cli.ts";
import { addExecutable } from "../../support/fake-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const NO_VLLM = { ...process.env, PITWALL_VLLM: "/nowhere/vllm", PITWALL_PYTHON: "/nowhere/python3" };

async function examine(engine: "simulated" | "vllm", port?: number) {
  const inputs = { engine, image: undefined, port: port ?? (await freePort("127.0.0.1", 0)) };
  return doctor.run(inputs, recordingTools({ env: NO_VLLM }));
}

test("a machine without vLLM is fine for the simulated engine", async () => {
  const outcome = await examine("simulated");
  expect(outcome.text).toMatch(/✓ Node: 24\./);
  expect(outcome.text).toMatch(/✓ git: git version/);
  expect(outcome.text).toMatch(/– vLLM: no vllm in \/nowhere\/python3/);
  expect(outcome.ok).toBe(!outcome.text?.includes("✗"));
});

test("for vLLM it says what is missing and how to mend it", async () => {
  const outcome = await examine("vllm");
  expect(outcome.ok).toBe(false);
  expect(outcome.text).toMatch(/✗ vLLM: .* → pip install vllm, or name .*PITWALL_VLLM/);
});

test("a taken port is named, with the command that finds its owner", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const outcome = await examine("simulated", port);
  server.close();
  expect(outcome.ok).toBe(false);
  expect(outcome.text).toContain(`ss -ltnp "sport = :${port}"`);
});

/** Runs the command line on a machine that is made of the given programs, each a shell script. */
async function examineMachine(
  programs: Record<string, string>,
  env: NodeJS.ProcessEnv = {},
  engine = ["--engine", "vllm"],
) {
  await using folder = await createFixture({ "bin/.keep": "", "home/.keep": "" });
  const bin = folder.getPath("bin");
  for (const [name, script] of Object.entries(programs)) await addExecutable(bin, name, script);
  const port = await freePort("127.0.0.1", 0);
  const { exitCode, stdout } = await pitwall(["doctor", ...engine, "--port", String(port), "--json"], folder.path, {
    ...{ PATH: `${bin}:/usr/bin:/bin`, HOME: folder.getPath("home"), PITWALL_VLLM: "", PITWALL_PYTHON: "" },
    ...{ HF_TOKEN: "", HF_HOME: "", XDG_CACHE_HOME: "", ...env },
  });
  const { healthy, findings } = JSON.parse(stdout) as { healthy: boolean; findings: string[] };
  const about = (name: string) => findings.find((line) => line.slice(2).startsWith(`${name}:`));
  return { exitCode, healthy, findings, about, bin };
}

/** @param cuda that the driver knows */
const nvidiaSmi = (cuda: string) =>
  `[ $# = 0 ] && echo "| Driver Version: 550.54   CUDA Version: ${cuda}  |" && exit
echo "NVIDIA H100 80GB HBM3, 550.54"; echo "NVIDIA H100 80GB HBM3, 550.54"`;
/** A Python that has vLLM, and PyTorch built for CUDA 12.8. */
const PYTHON = `case "$*" in
  *"version('vllm')"*) echo 0.32.0 ;;
  *cuda-runtime*) echo 12.8 ;;
  *) echo Python 3.12.1 ;;
esac`;

describe("on a machine with a GPU, --json has a line for", () => {
  test("GPU, CUDA, Python, vLLM, Docker's runtime, cache and token when all is there", async () => {
    const docker = `[ $1 = info ] && echo '{"nvidia":{},"runc":{}}' || echo 27.0`;
    const programs = { "nvidia-smi": nvidiaSmi("12.8"), python3: PYTHON, vllm: "exit 0", docker };
    const { about, bin, findings } = await examineMachine(programs, { HF_TOKEN: "hf_secret" });
    expect(about("GPU")).toBe("✓ GPU: 2 × NVIDIA H100 80GB HBM3, driver 550.54");
    expect(about("CUDA")).toBe("✓ CUDA: the driver knows it up to 12.8, PyTorch was built for 12.8");
    expect(about("Python")).toBe(`✓ Python: Python 3.12.1 (${bin}/python3)`);
    expect(about("vLLM")).toBe(`✓ vLLM: 0.32.0 (${bin}/vllm)`);
    expect(about("Docker")).toBe("✓ Docker: daemon 27.0, with the NVIDIA runtime");
    expect(about("Hugging Face token")).toBe("✓ Hugging Face token: set in HF_TOKEN");
    expect(about("Hugging Face cache")).toMatch(/home\/\.cache\/huggingface\/hub, .* GiB free/);
    expect(findings.join("\n")).not.toContain("hf_secret");
  });

  test("a driver of an earlier CUDA, which fails the check", async () => {
    const { about, healthy, exitCode } = await examineMachine({
      ...{ "nvidia-smi": nvidiaSmi("11.8"), python3: PYTHON, vllm: "exit 0" },
    });
    expect({ healthy, exitCode }).toEqual({ healthy: false, exitCode: 1 });
    expect(about("CUDA")).toMatch(/^✗ CUDA: .* up to 11\.8, PyTorch was built for 12\.8 → update the NVIDIA driver/);
  });

  test("a driver of an earlier minor version, which mostly runs", async () => {
    const { about } = await examineMachine({ "nvidia-smi": nvidiaSmi("12.4"), python3: PYTHON, vllm: "exit 0" });
    expect(about("CUDA")).toMatch(/^– CUDA: .* up to 12\.4/);
  });

  test("the CUDA of driver 610, which spells it another way", async () => {
    const spelled = nvidiaSmi("13.1").replace("CUDA Version", "CUDA UMD Version");
    const { about } = await examineMachine({ "nvidia-smi": spelled, python3: PYTHON, vllm: "exit 0" });
    expect(about("CUDA")).toBe("✓ CUDA: the driver knows it up to 13.1, PyTorch was built for 12.8");
  });

  test("a PITWALL_VLLM that is no program, Docker without the runtime, and no token", async () => {
    const docker = `[ $1 = info ] && echo '{"runc":{}}' || echo 27.0`;
    const { about } = await examineMachine({ python3: PYTHON, docker }, { PITWALL_VLLM: "/nowhere/vllm" });
    expect(about("vLLM")).toMatch(/^✗ vLLM: .*PITWALL_VLLM \(\/nowhere\/vllm\) is no program → pip install vllm/);
    expect(about("Docker")).toMatch(/^– Docker: .*without the NVIDIA runtime → .*nvidia-ctk/);
    expect(about("Hugging Face token")).toMatch(/^– .*none → .*HF_TOKEN/);
  });
});

describe("an image", () => {
  const docker = (variables: string) => `
case "$1" in
  image) [ "$5" = octo/vllm:1 ] && echo '${variables}' || exit 1 ;;
  info) echo '{"nvidia":{}}' ;;
  *) echo 27.0 ;;
esac`;
  const look = async (variables: string, cuda: string, name = "octo/vllm:1") => {
    const programs = { "nvidia-smi": nvidiaSmi(cuda), docker: docker(variables) };
    return (await examineMachine(programs, {}, ["--engine", "docker", "--image", name])).about("Image");
  };

  test.each([
    [
      '["PATH=/bin","CUDA_VERSION=12.8.1"]',
      "12.9",
      "✓ Image: octo/vllm:1 is built for CUDA 12.8, the driver knows it up to 12.9",
    ],
    [
      '["NVIDIA_REQUIRE_CUDA=cuda>=12.4 brand=tesla"]',
      "11.8",
      "✗ Image: octo/vllm:1 is built for CUDA 12.4, the driver knows it up to 11.8 → update the NVIDIA driver, or take an image of an earlier CUDA",
    ],
    [
      '["CUDA_VERSION=12.8.1"]',
      "12.4",
      "– Image: octo/vllm:1 is built for CUDA 12.8, the driver knows it up to 12.4 → update",
    ],
    ["null", "12.4", "✓ Image: octo/vllm:1, which names no CUDA"],
    ["Variables: none", "12.4", "✗ Image: docker inspects octo/vllm:1 in words of its own"],
  ])("with %s on a driver of CUDA %s", async (variables, cuda, line) =>
    expect(await look(variables, cuda)).toContain(line),
  );

  test("that is not here yet is no fault", async () =>
    expect(await look("null", "12.4", "octo/other")).toBe(
      "– Image: octo/other is not on this machine → docker pull octo/other",
    ));
});

test("a program whose interpreter is gone does not run, and all else is still looked at", async () => {
  await using folder = await createFixture({ python3: "#!/nowhere/interpreter\n" });
  const program = folder.getPath("python3");
  await chmod(program, 0o755);
  const inputs = { engine: "vllm" as const, image: undefined, port: undefined };
  const env = { ...NO_VLLM, PITWALL_PYTHON: program };
  const { ok, text } = await doctor.run(inputs, recordingTools({ env }));
  expect(ok).toBe(false);
  expect(text).toContain(`✗ Python: ${program} does not run → install Python`);
  expect(text).toContain("Port: ");
});

test("a program that waits for input finds none, and of one that prints much the beginning is enough", async () => {
  const python3 = "read word; i=0; while [ $i -lt 7000 ]; do echo 0123456789; i=$((i+1)); done; echo late";
  const { about } = await examineMachine({ python3 });
  expect(about("Python")).toMatch(/^✓ Python: 0123456789/);
  expect(about("Python")).not.toContain("late");
});
