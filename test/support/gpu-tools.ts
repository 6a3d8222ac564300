import { existsSync, readFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { processRow } from "../../src/machine/process-table.ts";
import { addExecutable } from "./fake-engine.ts";

/** A folder with one program in it, and an environment whose PATH begins there. */
export async function toolRoom(name: "nvidia-smi" | "amd-smi" | "rocm-smi" | "xpu-smi", script: string) {
  const folder = await createFixture();
  // A tool that runs on tells its pid, so that a test can see it end.
  await addExecutable(
    folder.path,
    name,
    script.replaceAll("tell_pid", () => `echo $$ > ${folder.getPath("pid")}`),
  );
  const pid = () => (existsSync(folder.getPath("pid")) ? Number(readFileSync(folder.getPath("pid"), "utf8")) : 0);
  return {
    env: { PATH: `${folder.path}:/usr/bin:/bin` } as NodeJS.ProcessEnv,
    calls: () => readFileSync(folder.getPath("calls"), "utf8").trim().split("\n"),
    started: () => pid() > 0,
    runs: () => processRow(pid())?.ended === false,
    path: (file: string) => folder.getPath(file),
    [Symbol.asyncDispose]: () => folder.rm(),
  };
}

const print = (lines: readonly string[]) => `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}`;

/** Prints its rows again and again, as nvidia-smi -lms does, only faster. */
export const loop = (lines: readonly string[]) => `tell_pid; while :; do ${print(lines)}; sleep 0.02; done`;

interface NvidiaSmi {
  /** A row a GPU: index, UUID, W, MHz, °C, MiB, MIG mode, mask of clock event reasons. */
  gpus?: readonly string[];
  apps?: readonly string[];
  /** What takes the place of the rows. */
  instead?: string;
  /** Fields that this driver does not know. */
  unknown?: readonly string[];
}

/** Stands in for nvidia-smi; the output is in the form that its manual shows for csv,noheader,nounits. */
export function nvidiaSmi({ gpus = [], apps = [], instead = loop(gpus), unknown = [] }: NvidiaSmi): string {
  const refuse = unknown.map(
    (field) => `*${field}*) echo 'Field "${field}" is not a valid field to query.'; echo; exit 2;;`,
  );
  return `
case "$1" in
  --query-compute-apps=gpu_uuid,pid,process_name) ${apps.length > 0 ? print(apps) : ":"};;
  ${refuse.join("\n  ")}
  --query-gpu=*) ${instead};;
  *) echo "Invalid combination of input arguments."; exit 6;;
esac`;
}

export const UUID = ["GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", "GPU-1aa1bb22-0000-4106-c12f-20bd9faed9f7"];

/** One row of nvidia-smi: an H100 at work, unless told otherwise. */
export function nvidiaRow(
  index: number,
  { power = "300.00", clock = "1980", temperature = "60", memory = "70000", mig = "Disabled", reasons = "0x0" } = {},
): string {
  return [index, UUID[index], power, clock, temperature, memory, mig, reasons].join(", ");
}

/** A card of `rocm-smi --showpower --showclocks --showtemp --showmeminfo vram --json`, ROCm 6. */
export const rocmCard = (power: string) => ({
  "Temperature (Sensor edge) (C)": "N/A",
  "Temperature (Sensor junction) (C)": "43.0",
  "Temperature (Sensor memory) (C)": "36.0",
  "fclk clock speed:": "(1800Mhz)",
  "fclk clock level:": "0",
  "mclk clock speed:": "(900Mhz)",
  "mclk clock level:": "0",
  "sclk clock speed:": "(132Mhz)",
  "sclk clock level:": "1",
  "Current Socket Graphics Package Power (W)": power,
  "VRAM Total Memory (B)": "206141652992",
  "VRAM Total Used Memory (B)": "1048576000",
});

/** A GPU of `amd-smi metric --power --clock --temperature --mem-usage --json`, ROCm 6 and 7, shortened. */
export const amdGpu = (gpu: number, power: number | "N/A") => ({
  gpu,
  power: { socket_power: power === "N/A" ? power : { value: power, unit: "W" }, throttle_status: "UNTHROTTLED" },
  clock: { gfx_0: { clk: { value: 132, unit: "MHz" }, min_clk: { value: 500, unit: "MHz" } } },
  temperature: { edge: "N/A", hotspot: { value: 37, unit: "C" }, mem: { value: 31, unit: "C" } },
  mem_usage: { total_vram: { value: 196592, unit: "MB" }, used_vram: { value: 283, unit: "MB" } },
});

/** First lines of `xpu-smi dump -d -1 -m 1,2,3,18 -i 1`, versions 1.2. */
export const XPU_HEADER =
  "Timestamp, DeviceId, GPU Power (W), GPU Frequency (MHz), GPU Core Temperature (Celsius Degree), GPU Memory Used (MiB)";
