import { z } from "zod";
import { badRequest } from "../request/api-error.ts";
import { type Model, parseBody } from "../request/body.ts";
import { Messages, promptOfMessages } from "../request/prompts.ts";
import { decodeTokens, encodeText } from "../text/pseudo-tokens.ts";

const Named = z.looseObject({ model: z.string().nullish() });
const TokenizeBody = Named.extend({
  prompt: z.string().optional(),
  messages: Messages.optional(),
  return_token_strs: z.boolean().nullish(),
});
const DetokenizeBody = Named.extend({ tokens: z.array(z.int().min(0)) });

/** Answers `/tokenize`. @throws ApiError */
export function tokenize(text: string, model: Model): unknown {
  const body = parseBody(TokenizeBody, text, model);
  if (body.prompt === undefined && body.messages === undefined) {
    throw badRequest("either prompt or messages must be given", "prompt");
  }
  const tokens = body.messages === undefined ? encodeText(body.prompt ?? "") : promptOfMessages(body.messages).tokens;
  const strings = body.return_token_strs ? tokens.map((token) => decodeTokens([token])) : null;
  return { count: tokens.length, max_model_len: model.maxModelLen, tokens, token_strs: strings };
}

/** Answers `/detokenize`. @throws ApiError */
export function detokenize(text: string, model: Model): unknown {
  return { prompt: decodeTokens(parseBody(DetokenizeBody, text, model).tokens) };
}
