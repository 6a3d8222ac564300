import { type Ask, type FoundGpu, type Inventory, told } from "./found-gpu.ts";
import { numberOf } from "./reading.ts";
import { jsonOf } from "./tool-json.ts";

const ARGS = ["--showproductname", "--showuniqueid", "--showmaxpower", "--showmeminfo", "vram", "--showdriverversion"];

/** `rocm-smi … --json`: an object a card, and `system` with the driver's version. Versions differ in capitals. */
export async function rocmInventory(ask: Ask): Promise<Inventory> {
  const answer = await ask([...ARGS, "--json"]);
  // Warnings may stand before the object.
  const cards = jsonOf(answer?.stdout.slice(answer.stdout.indexOf("{")) ?? "");
  const gpus = Object.entries(cards).flatMap(([key, card]) => {
    const index = /^card(\d+)$/.exec(key)?.[1];
    return index === undefined ? [] : [gpuOf(Number(index), lowerCase(card))];
  });
  return { gpus, driver: lowerCase(cards.system)["driver version"] ?? null };
}

function gpuOf(index: number, card: Record<string, string | undefined>): FoundGpu {
  const bytes = numberOf(card["vram total memory (b)"]);
  const name = [card["card series"], card["card model"], card["device name"]].find((text) => text && text !== "N/A");
  return told({
    index,
    name: name ?? "AMD GPU",
    uuid: card["unique id"] === "N/A" ? undefined : card["unique id"],
    memoryMib: bytes === undefined ? undefined : Math.round(bytes / 1024 ** 2),
    powerLimitW: numberOf(card["max graphics package power (w)"]),
  });
}

function lowerCase(card: unknown): Record<string, string | undefined> {
  const entries = Object.entries(Object(card) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([key, value]) => [key.toLowerCase(), String(value)]));
}
