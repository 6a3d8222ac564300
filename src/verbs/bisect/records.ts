import { openAppender } from "../../database/append.ts";
import { messageOf, UserError } from "../../errors.ts";
import type { Bisect } from "../../result/document/bisect.ts";
import type { Tools } from "../../tools.ts";
import { recordTarget } from "../history/record.ts";
import type { BisectInputs } from "./inputs.ts";

/** Where a search tells the data branch what it knows. */
export interface Records {
  /** Never throws: a history that cannot be written must not cost a search what it measured. */
  add(state: Bisect): Promise<"added" | "failed" | "none">;
}

/** @throws UserError when the history that was named cannot be written to, before anything is measured */
export async function openRecords(inputs: BisectInputs, tools: Tools): Promise<Records> {
  if (inputs.database === undefined) return { add: async () => "none" };
  const target = await recordTarget(inputs, tools);
  return {
    async add(state) {
      if (state.blocks.length === 0) return "none";
      try {
        await using appender = await openAppender(target, { ...tools, signal: new AbortController().signal });
        await appender.record("bisect", [state]);
        return "added";
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        tools.report.error(`the search was not put on ${target.place}: ${messageOf(error)}`);
        return "failed";
      }
    },
  };
}
