import { bodyOf, contentOf, refusalOf, same, usageOf } from "../../model/answers.ts";
import { completion } from "../../model/ask.ts";
import { type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";

const of = casesOf("completions", "completions");
const PROMPT = "The sea is";
const IDS = [5, 6, 7, 8, 9];
const SCRIPTS = "Grüße, 你好, здравствуй, שלום, 👩‍🚀🌊";

/** What a completion may begin with. */
export const COMPLETION_PROMPTS: readonly Case[] = [
  of("completions.prompt.list", "should", "each of several prompts gets a choice", {
    needs: ["completions.prompt_list"],
    asks: [completion({ prompt: [PROMPT, "A ship is", "The moon"] })],
    check: ([answer]) => {
      for (const [at, choice] of bodyOf(answer).at("choices").listOf(3).entries()) choice.at("index").is(at);
    },
  }),
  of("completions.prompt.list.usage", "should", "usage counts all prompts", {
    needs: ["completions.prompt_list"],
    asks: [completion(), completion({ prompt: [PROMPT, PROMPT] })],
    check: ([one, two]) =>
      bodyOf(two)
        .at("usage", "prompt_tokens")
        .is(2 * usageOf(bodyOf(one)).prompt),
  }),
  of("completions.prompt.ids", "may", "a list of token ids is a prompt of as many", {
    needs: ["completions.token_ids"],
    asks: [completion({ prompt: IDS })],
    check: ([answer]) => bodyOf(answer).at("usage", "prompt_tokens").is(IDS.length),
  }),
  of("completions.prompt.ids.list", "may", "each of several lists of token ids gets a choice", {
    needs: ["completions.token_ids", "completions.prompt_list"],
    asks: [completion({ prompt: [IDS, IDS.slice(1)] })],
    check: ([answer]) => {
      bodyOf(answer).at("choices").listOf(2);
      bodyOf(answer).at("usage", "prompt_tokens").is(9);
    },
  }),
  of("completions.prompt.unicode", "must", "every script and emoji is taken", {
    asks: [completion(), completion({ prompt: PROMPT + SCRIPTS })],
    check: ([one, other]) => {
      const less = usageOf(bodyOf(one)).prompt;
      const prompt = bodyOf(other).at("usage", "prompt_tokens");
      if (prompt.integer() <= less) prompt.wrong(`must be more than ${less}`);
    },
  }),
  of("completions.prompt.long", "must", "a long prompt has many tokens", {
    asks: [completion({ prompt: "The tide comes in and goes out. ".repeat(20) })],
    check: ([answer]) => {
      const prompt = bodyOf(answer).at("usage", "prompt_tokens");
      if (prompt.integer() < 100) prompt.wrong("must be 100 or more");
    },
  }),
  of("completions.echo", "should", "echo begins the text with the prompt", {
    needs: ["completions.echo"],
    asks: [completion({ echo: true })],
    check: ([answer]) => {
      const text = bodyOf(answer).at("choices", 0, "text");
      if (!text.text().startsWith(PROMPT)) text.wrong(`must begin with “${PROMPT}”`);
    },
  }),
  of("completions.echo.more", "should", "behind the echo comes what comes without it", {
    needs: ["completions.echo"],
    asks: [completion(), completion({ echo: true })],
    check: ([plain, echoed]) => same("the text", contentOf(bodyOf(echoed)), PROMPT + contentOf(bodyOf(plain))),
  }),
  of("completions.echo.usage", "should", "an echo is no completion token", {
    needs: ["completions.echo"],
    asks: [completion(), completion({ echo: true })],
    check: ([plain, echoed]) => same("usage", usageOf(bodyOf(echoed)), usageOf(bodyOf(plain))),
  }),
  of("completions.suffix", "should", "a suffix is taken", {
    needs: ["completions.suffix"],
    asks: [completion({ suffix: " and deep." })],
    check: ([answer]) => void contentOf(bodyOf(answer)),
  }),
  of("completions.token_ids", "may", "return_token_ids gives an id a token", {
    needs: ["return_token_ids"],
    asks: [completion({ return_token_ids: true })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      const ids = body.at("choices", 0, "token_ids");
      const { completion: tokens } = usageOf(body);
      for (const id of ids.list()) id.integer();
      if (ids.list().length !== tokens)
        throw new Deviation(`must have ${tokens} ids, but has ${ids.list().length}`, ids.path);
    },
  }),
  of("completions.prompt.missing", "must", "a completion without a prompt is refused", {
    asks: [completion({ prompt: undefined })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("completions.prompt.kind", "must", "a prompt that is an object is refused", {
    asks: [completion({ prompt: { text: PROMPT } })],
    check: ([answer]) => void refusalOf(answer),
  }),
];
