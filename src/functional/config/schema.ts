import { z } from "zod";
import { CAPABILITIES } from "../model/capabilities.ts";

const Params = z.record(z.string(), z.unknown());
const Messages = z.array(z.looseObject({ role: z.string() })).min(1);
const text = z.string().min(1);

const rules = {
  required_capabilities: z.array(z.enum(CAPABILITIES)).default([]),
  skip_if_unsupported: z.boolean().default(true),
};
const chatFields = { messages: Messages };
const completionFields = { prompt: z.union([z.string(), z.array(z.unknown()).min(1)]) };

const single = { id: text, params: Params.default({}), expect_error: z.boolean().default(false), ...rules };
const SeedCase = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("chat"), ...chatFields, ...single }),
  z.strictObject({ type: z.literal("completions"), ...completionFields, ...single }),
]);
export type SeedCase = z.infer<typeof SeedCase>;

const matrix = {
  id_prefix: text,
  params: Params.default({}),
  params_grid: z.record(z.string(), z.array(z.unknown()).min(1)),
  expect_error: z.boolean().default(false),
  ...rules,
};
const negative = {
  id_prefix: text,
  params: Params.default({}),
  params_list: z.array(Params).min(1),
  expect_error: z.boolean().default(true),
  ...rules,
};

/** functional.yaml, as vllm_cibench has it. */
export const FunctionalFile = z.strictObject({
  enabled: z.boolean().default(true),
  suite: z.boolean().optional(),
  functional_metrics: z.strictObject({ per_case: z.boolean().default(false) }).prefault({}),
  capabilities: z.array(z.enum(CAPABILITIES)).default([]),
  cases: z.array(SeedCase).default([]),
  matrices: z
    .strictObject({
      chat: z.array(z.strictObject({ ...chatFields, ...matrix })).default([]),
      completions: z.array(z.strictObject({ ...completionFields, ...matrix })).default([]),
    })
    .prefault({}),
  negative: z
    .strictObject({
      chat: z.array(z.strictObject({ ...chatFields, ...negative })).default([]),
      completions: z.array(z.strictObject({ ...completionFields, ...negative })).default([]),
    })
    .prefault({}),
});
export type FunctionalFile = z.infer<typeof FunctionalFile>;
