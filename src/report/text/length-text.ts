import type { CellParams } from "../../result/document/cell.ts";

/** Where a server did not take what makes lengths exact: `text prompts`, `natural lengths`; else nothing. */
export function lengthText({ prompts, lengths }: CellParams): string[] {
  return [
    ...(prompts === "text" ? ["text prompts"] : []),
    ...(lengths === undefined ? [] : [lengths === "natural" ? "natural lengths" : `lengths by ${lengths}`]),
  ];
}
