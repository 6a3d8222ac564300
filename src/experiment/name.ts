import { fingerprint } from "../result/series/fingerprint.ts";
import { RESERVED_NAMES } from "../working-folder/names.ts";
import { OFF, type Settings } from "./setting.ts";

/** Short names of the settings that most experiments have. */
const SHORT: Record<string, string> = {
  quantization: "quant-",
  "tensor-parallel-size": "tp",
  "enforce-eager": "eager-",
};
/** Folder and artifact names may be 255 bytes long; files inside add their own. */
const LONGEST = 120;

/**
 * Names of combinations for folders and artifacts: `llama-8b_tp2_quant-fp8_eager-on`. Two that would have the same name,
 * or one that no folder can have, carry a fingerprint of their settings; upper and lower case count as the same.
 */
export function namesOf(combinations: readonly Settings[]): string[] {
  const plain = combinations.map(plainName);
  const uses = new Map<string, number>();
  for (const name of plain) uses.set(name.toLowerCase(), (uses.get(name.toLowerCase()) ?? 0) + 1);
  return plain.map((name, index) => {
    const isOwn =
      uses.get(name.toLowerCase()) === 1 && name.length <= LONGEST && name !== "" && !RESERVED_NAMES.has(name);
    if (isOwn) return name;
    return `${name.slice(0, LONGEST)}_${fingerprint(JSON.stringify(combinations[index]))}`.replace(/^_/, "");
  });
}

function plainName(settings: Settings): string {
  return Object.entries(settings)
    .map(([axis, value]) =>
      axis === "model" ? sanitised(value) : `${SHORT[axis] ?? `${axis}-`}${sanitised(value || OFF)}`,
    )
    .filter((part) => part !== "")
    .join("_");
}

/** Underscores part the settings, so a value must not hold one; a leading dot would hide the folder. */
const sanitised = (value: string) => value.replaceAll(/[^A-Za-z0-9.-]+/g, "-").replace(/^[.-]+/, "");
