import type { GpuFacts } from "../../result/document/gpu-facts.ts";
import type { Run } from "../../result/document/run.ts";

type Facts = [name: string, value: string][];

/** What is known of the machine's GPUs, each fact once; of different ones every value. */
export function gpuRows({ gpus = [] }: Pick<Run["host"], "gpus">): Facts {
  const whole = (value: number) => value.toLocaleString("en");
  const row = (name: string, textOf: (gpu: GpuFacts) => string | undefined): Facts => {
    const values = [...new Set(gpus.flatMap((gpu) => textOf(gpu) ?? []))];
    return values.length === 0 ? [] : [[name, values.join(", ")]];
  };
  const unit = (value: number | undefined, name: string) =>
    value === undefined ? undefined : `${whole(value)} ${name}`;
  return [
    ...row("GPU memory", ({ memoryMib }) =>
      memoryMib === undefined ? undefined : `${(memoryMib / 1024).toFixed(1)} GiB`,
    ),
    ...row("Power limit", ({ powerLimitW }) => unit(powerLimitW, "W")),
    ...row("Highest clock", ({ maxClockMhz }) => unit(maxClockMhz, "MHz")),
    ...row("Set clock", ({ applicationClockMhz }) => unit(applicationClockMhz, "MHz")),
    ...row("MIG", ({ mig }) => (mig === undefined ? undefined : mig ? "on" : "off")),
  ];
}

/** The same and the software below, in one line; undefined without a GPU that a tool told of. */
export function gpuLine(host: Run["host"]): string | undefined {
  if (host.gpus === undefined) return undefined;
  const rows = [
    ...gpuRows(host),
    ...(host.driver ? [["driver", host.driver]] : []),
    ...(host.cuda ? [["CUDA", host.cuda]] : []),
  ];
  const facts = rows.map(([name, value]) => `${/^[A-Z]{2}/.test(name!) ? name : name!.toLowerCase()} ${value}`);
  return `${host.gpuCount ?? "?"} × ${host.gpu}${facts.length === 0 ? "" : `: ${facts.join(", ")}`}`;
}
