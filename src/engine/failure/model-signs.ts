import { brief, type Sign } from "./sign.ts";

const nameIn = (log: string) =>
  /Access to model (\S+) is restricted|huggingface\.co\/(?:api\/models\/)?([\w.-]+\/[\w.-]+)/
    .exec(log)
    ?.slice(1)
    .find(Boolean);
const named = (name: string | undefined) => (name === undefined ? "the model" : `the model ${name.replace(/\.$/, "")}`);

/** The words of huggingface_hub's errors.py, transformers' hub.py and vLLM's config.py. */
export const MODEL_SIGNS: Sign[] = [
  {
    pattern:
      /GatedRepoError|Cannot access gated repo|trying to access a gated repo|Access to model \S+ is restricted|model \S+ is gated/,
    explain: (_, { log }) => ({
      reason: "environment",
      cause: `${named(nameIn(log))} is gated, and no token that may read it was given`,
      fix: "accept its licence on huggingface.co and set HF_TOKEN to a token of the same account",
    }),
  },
  {
    pattern: /Invalid (?:credentials in Authorization header|user token|username or password)/,
    explain: () => ({
      reason: "environment",
      cause: "Hugging Face refuses the token",
      fix: "set HF_TOKEN to a token that is still valid (huggingface.co/settings/tokens)",
    }),
  },
  {
    pattern: /LocalEntryNotFoundError: Cannot find [^\n]*outgoing traffic has been disabled|OfflineModeIsEnabled/,
    explain: () => ({
      reason: "environment",
      cause: "the model is neither a folder here nor in the Hugging Face cache, and downloads are switched off",
      fix: "check the model's name, download it beforehand (hf download), or unset HF_HUB_OFFLINE",
    }),
  },
  {
    pattern: /RevisionNotFoundError|is not a valid git identifier/,
    explain: () => ({
      reason: "environment",
      cause: "the model has no such revision",
      fix: "check --revision in --engine-args against the model's page on huggingface.co",
    }),
  },
  {
    pattern:
      /RepositoryNotFoundError|Repository Not Found for url|is not a local folder and is not a valid model identifier|Invalid repository ID or local directory specified|HFValidationError|Repo id must/,
    explain: (_, { log }) => ({
      reason: "environment",
      cause: `${named(nameIn(log))} was not found: no folder here and no model that this account may see`,
      fix: "check --model; for a private model set HF_TOKEN",
    }),
  },
  {
    pattern: /Cannot find any model weights with `?([^`\n]+)/,
    explain: ([, model]) => ({
      reason: "environment",
      cause: `${named(brief(model!))} has no weights that this engine can read`,
      fix: "check that the folder holds *.safetensors or *.bin, or a --load-format in --engine-args",
    }),
  },
];

/** argparse's words, pydantic's, and vLLM's config.py. */
export const ARGUMENT_SIGNS: Sign[] = [
  {
    pattern: /error: unrecognized arguments: ([^\n]+)/,
    explain: ([, flags]) => ({
      reason: "engine_crashed",
      cause: `this version of the engine does not know the argument ${brief(flags!)}`,
      fix: "remove it from --engine-args or write it as this version does (vllm serve --help=all)",
    }),
  },
  {
    pattern: /Unknown option '(--?[\w-]+)/,
    explain: ([, flag]) => ({
      reason: "engine_crashed",
      cause: `the engine does not know the argument ${flag}`,
      fix: "remove it from --engine-args",
    }),
  },
  {
    pattern: /error: argument (-[^\n:]+): ([^\n]+)/,
    explain: ([, flag, why]) => ({
      reason: "engine_crashed",
      cause: `the engine refuses the argument ${flag}: ${brief(why!)}`,
      fix: "correct it in --engine-args",
    }),
  },
  {
    pattern: /error: ambiguous option: (\S+) could match ([^\n]+)/,
    explain: ([, flag, others]) => ({
      reason: "engine_crashed",
      cause: `the argument ${flag} is short for several: ${brief(others!)}`,
      fix: "write it in full in --engine-args",
    }),
  },
  {
    // With VLLM_ALLOW_LONG_MAX_MODEL_LEN it is a warning, and stands before whatever fails later.
    pattern:
      /(?<!\bWARNING\b[^\n]*)User-specified max_model_len \((\d+)\) is greater than the derived max_model_len \((?:\w+=)?(\d+)/,
    explain: ([, asked, longest]) => ({
      reason: "engine_crashed",
      cause: `a context of ${asked} tokens is longer than the model's own, ${longest}`,
      fix: `put --max-model-len ${longest} or less into --engine-args`,
    }),
  },
  {
    pattern: /Unknown quantization method: ([^.\n]+)/,
    explain: ([, method]) => ({
      reason: "engine_crashed",
      cause: `this version of the engine does not know the quantization ${brief(method!)}`,
      fix: "choose one that the log lists, as --quantization in --engine-args",
    }),
  },
];

/** For the end: a download that was tried again may have gone well, and vLLM wraps most failures in pydantic's words. */
export const GENERAL_SIGNS: Sign[] = [
  {
    pattern: /couldn't connect to 'https:\/\/huggingface\.co|LocalEntryNotFoundError/,
    explain: () => ({
      reason: "environment",
      cause: "the model is not in the Hugging Face cache, and huggingface.co could not be reached",
      fix: "check network and proxy (HTTPS_PROXY), or download the model beforehand (hf download)",
    }),
  },
  {
    pattern:
      /validation errors? for (\w+)\n(?:\([^)\n]*\) )?(?:(\w[\w.]*)\n(?:\([^)\n]*\) )?)? +(?:Value error, )?([^\n[]+)/,
    explain: ([, config, field, why]) => ({
      reason: "engine_crashed",
      cause: `the engine refuses its configuration (${field ?? config}): ${brief(why!)}`,
      fix: "correct it in --engine-args",
    }),
  },
];
