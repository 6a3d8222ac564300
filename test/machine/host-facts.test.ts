import { cpus, hostname } from "node:os";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { hostFacts } from "../../src/machine/host-facts.ts";
import { addExecutable } from "../support/fake-engine.ts";

const NO_GPU = { gpu: null, gpuCount: 0, driver: null, cuda: null };

/** Facts of a machine whose nvidia-smi is this shell script. */
async function factsWith(script: string) {
  await using folder = await createFixture();
  await addExecutable(folder.path, "nvidia-smi", script);
  return await hostFacts(undefined, { PATH: `${folder.path}:/usr/bin:/bin` });
}

const smi = (header: string, ...gpus: string[]) => `
case "$1" in
  --query-gpu=name,driver_version) printf '%s\\n' ${gpus.map((gpu) => `'${gpu}'`).join(" ")};;
  *) echo '| ${header} |';;
esac`;

describe("GPU", () => {
  test("is counted, with its driver and CUDA version", async () => {
    const header = "NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4";
    const gpu = "NVIDIA H100 80GB HBM3, 550.54.15";
    expect(await factsWith(smi(header, gpu, gpu))).toMatchObject({
      gpu: "NVIDIA H100 80GB HBM3",
      gpuCount: 2,
      driver: "550.54.15",
      cuda: "12.4",
    });
  });

  test("is read from the header of drivers from 610 on too", async () => {
    const header = "NVIDIA-SMI 610.43.02    KMD Version: 610.43.02    CUDA UMD Version: 13.3";
    expect(await factsWith(smi(header, "NVIDIA B200, 610.43.02"))).toMatchObject({ gpuCount: 1, cuda: "13.3" });
  });

  test("types that differ are all named", async () => {
    const facts = await factsWith(smi("", "NVIDIA L4, 550.1", "NVIDIA A100, 550.1", "NVIDIA L4, 550.1"));
    expect(facts).toMatchObject({ gpu: "NVIDIA L4 + NVIDIA A100", gpuCount: 3, cuda: null });
  });

  test("is none when nvidia-smi finds no driver", async () => {
    expect(
      await factsWith("echo 'NVIDIA-SMI has failed because it could not communicate with the driver'; exit 9"),
    ).toMatchObject(NO_GPU);
  });

  test("is none without nvidia-smi and without a device", async () => {
    await using folder = await createFixture();
    expect(await hostFacts(undefined, { PATH: folder.path }, folder.path)).toMatchObject(NO_GPU);
  });

  test.each(["nvidiactl", "kfd", "dxg"])("is unknown where there is %s and no tool that knows it", async (device) => {
    await using folder = await createFixture({ [device]: "" });
    expect(await hostFacts(undefined, { PATH: folder.path }, folder.path)).toMatchObject({ gpu: null, gpuCount: null });
  });
});

describe("machine", () => {
  test("has the label given, else the runner's name, else the host's", async () => {
    expect((await hostFacts("h100-1", { RUNNER_NAME: "runner-7" })).label).toBe("h100-1");
    expect((await hostFacts(undefined, { RUNNER_NAME: "runner-7" })).label).toBe("runner-7");
    expect((await hostFacts(undefined, {})).label).toBe(hostname());
  });

  test("has a CPU and cores", async () => {
    const facts = await hostFacts(undefined, {});
    expect(facts.cpu).toBe(cpus()[0]!.model.trim());
    expect(facts.cores).toBeGreaterThanOrEqual(1);
  });
});
