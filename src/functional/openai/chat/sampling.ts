import { bodyOf, contentOf, same } from "../../model/answers.ts";
import { chat } from "../../model/ask.ts";
import { type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { withinLimit } from "./limits.ts";

const of = casesOf("chat", "chat");
const taken = withinLimit(8);

/** A value at the end of its range, which must be taken. */
const takes = (name: string, id: string, value: unknown, severity: Case["severity"] = "must") =>
  of(`chat.takes.${id}`, severity, `${name} ${JSON.stringify(value)} is taken`, {
    asks: [chat({ [name]: value })],
    check: taken,
  });

const WARM = { temperature: 1, max_tokens: 24 };

/** How tokens are chosen. */
export const CHAT_SAMPLING: readonly Case[] = [
  takes("temperature", "temperature.zero", 0),
  takes("temperature", "temperature.two", 2),
  takes("top_p", "top_p.one", 1),
  takes("top_p", "top_p.tiny", 0.01),
  takes("presence_penalty", "presence_penalty.low", -2),
  takes("presence_penalty", "presence_penalty.high", 2),
  takes("frequency_penalty", "frequency_penalty.low", -2),
  takes("frequency_penalty", "frequency_penalty.high", 2),
  takes("user", "user", "ada", "should"),
  takes("logit_bias", "logit_bias", { 100: 1 }, "should"),
  takes("seed", "seed", 7, "should"),
  takes("stop", "stop.null", null, "should"),
  takes("top_k", "top_k", 8, "may"),
  of("chat.temperature.same", "should", "temperature 0 says the same twice", {
    asks: [chat({ max_tokens: 16 }), chat({ max_tokens: 16 })],
    check: ([one, other]) => same("the text at temperature 0", contentOf(bodyOf(one)), contentOf(bodyOf(other))),
  }),
  of("chat.seed.same", "should", "the same seed says the same twice", {
    asks: [chat({ ...WARM, seed: 11 }), chat({ ...WARM, seed: 11 })],
    check: ([one, other]) => same("the text of one seed", contentOf(bodyOf(one)), contentOf(bodyOf(other))),
  }),
  of("chat.seed.other", "may", "other seeds say something else", {
    asks: [11, 12, 13].map((seed) => chat({ ...WARM, temperature: 1.5, seed })),
    check: (answers) => {
      const texts = new Set(answers.map((answer) => contentOf(bodyOf(answer))));
      if (texts.size === 1) throw new Deviation("three seeds at temperature 1.5 must not all say the same");
    },
  }),
  of("chat.n", "should", "n answers come, with indices from 0 on", {
    needs: ["chat.n"],
    asks: [chat({ ...WARM, n: 3 })],
    check: ([answer]) => {
      for (const [at, choice] of bodyOf(answer).at("choices").listOf(3).entries()) choice.at("index").is(at);
    },
  }),
  of("chat.n.usage", "should", "usage counts the tokens of all n answers", {
    needs: ["chat.n"],
    asks: [chat({ temperature: 1, max_tokens: 1, n: 3 })],
    check: ([answer]) => bodyOf(answer).at("usage", "completion_tokens").is(3),
  }),
];
