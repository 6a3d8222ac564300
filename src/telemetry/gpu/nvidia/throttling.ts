/** Bits of `clocks_event_reasons.active`: NVML API reference, nvmlClocksEventReasons. Bit 0 is idling, no throttling. */
const REASONS: Record<number, string> = {
  1: "application clocks setting",
  2: "software power cap",
  3: "hardware slowdown",
  4: "sync boost",
  5: "software thermal slowdown",
  6: "hardware thermal slowdown",
  7: "hardware power brake",
  8: "display clock setting",
};

/** Clocks that somebody set: as wanted, and as steady as any other. */
const SETTINGS = new Set(["application clocks setting", "sync boost", "display clock setting"]);

export const isSetting = (reason: string) => SETTINGS.has(reason);

/** @param mask as nvidia-smi prints it, such as 0x0000000000000004; undefined when it is none, as [N/A] */
export function throttlingReasons(mask: string | undefined): string[] | undefined {
  if (mask === undefined || !/^0x[0-9a-f]{1,16}$/i.test(mask.trim())) return undefined;
  const bits = BigInt(mask.trim());
  return Array.from({ length: 63 }, (_, index) => index + 1)
    .filter((bit) => (bits >> BigInt(bit)) & 1n)
    .map((bit) => REASONS[bit] ?? `reason 0x${(1n << BigInt(bit)).toString(16)}`);
}
