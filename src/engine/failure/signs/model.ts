import { brief, crash, lacks, type Sign } from "../sign.ts";

/** The words of vLLM's model registry and loader, transformers and safetensors. */
export const MODEL_SIGNS: Sign[] = [
  {
    pattern: /Cannot find any model weights with `?([^`\n]+)/,
    explain: ([, model]) =>
      lacks(
        `the model ${brief(model!)} has no weights that this engine can read`,
        "check that the folder holds *.safetensors or *.bin, or a --load-format in --engine-args",
      ),
  },
  {
    pattern:
      /SafetensorError|HeaderTooLarge|InvalidHeader|MetadataIncompleteBuffer|PytorchStreamReader failed|Consistency check failed|unexpected EOF, expected \d+ more bytes|data is not within the file bounds/,
    explain: () =>
      lacks(
        "a file of the weights is damaged or not downloaded whole",
        "delete it and download the model again (hf download)",
      ),
  },
  {
    pattern:
      /does not appear to have (?:a file named|files named) ([^\s.]\S*?)\.?(?:\s|$)|Unrecognized model in|No config(?:\.json)? (?:file )?found|Could not detect config format/,
    explain: ([, file]) =>
      lacks(
        `the model's folder lacks ${file === undefined ? "a config.json that names the kind of model" : file}`,
        "check --model: the whole folder as on huggingface.co is needed; for weights of another kind, as GGUF or LoRA, see the engine's page about them",
      ),
  },
  {
    pattern:
      /Can't load the (?:configuration|model|config|tokenizer)[^'\n]{0,20}'([^']+)'|Can't load tokenizer for '([^']+)'/,
    explain: ([, model, tokenizer]) =>
      lacks(
        `the model ${model ?? tokenizer} was not found: no such folder here, or not all of its files`,
        "check --model: the whole folder as on huggingface.co is needed",
      ),
  },
  {
    pattern:
      /trust_remote_code=True`? (?:to|option)|requires you to execute the (?:configuration|\w+) file in that repo|contains custom code which must be executed|set the option `?trust_remote_code|allow custom code to be run/,
    explain: () =>
      crash(
        "the model brings code of its own, which the engine runs only when told to",
        "when you trust it, put --trust-remote-code into --engine-args",
      ),
  },
  {
    pattern: /weights were not initialized from checkpoint: ([^\n]+)/,
    explain: ([, names]) =>
      crash(
        `the weights lack parts that the engine's model has: ${brief(names!)}`,
        "check that the folder is complete and no adapter (LoRA); take the engine's version that the model's page asks for",
      ),
  },
  {
    pattern: /model type `?([\w.-]+)`? but Transformers does not recognize/,
    explain: ([, type]) =>
      lacks(
        `the installed transformers does not know models of the type ${type}`,
        "install newer transformers beside the engine, or a newer engine",
      ),
  },
  {
    pattern: /Tokenizer class (\w+) does not exist or is not currently imported/,
    explain: ([, tokenizer]) =>
      lacks(
        `the installed transformers has no tokenizer ${tokenizer}`,
        "install newer transformers beside the engine, or a newer engine",
      ),
  },
  {
    pattern:
      /Model architectures? (\[[^\]\n]{0,300}\]|\S{1,200}) (?:are|is) not supported|(\S{1,200}) has no vLLM implementation|GGUF model with architecture (\S{1,200}) is not supported|unknown model architecture: '([^'\n]+)'/,
    explain: ([, ...names]) =>
      crash(
        `this version of the engine does not know the architecture ${brief(names.find(Boolean)!)}`,
        "take a newer engine, or another model",
      ),
  },
  {
    pattern:
      /requires the SentencePiece library|sentencepiece[^\n]{0,60}(?:not (?:found|installed)|to convert a slow tokenizer)|No module named '(?:sentencepiece|tiktoken)'|Converting from SentencePiece and Tiktoken failed|Converting from Tiktoken failed|`?tiktoken`? is required/i,
    explain: () =>
      lacks(
        "the model's tokenizer could not be read: its files or the packages sentencepiece and tiktoken are missing",
        "install both beside the engine (pip install sentencepiece tiktoken), and check that the model's folder holds its tokenizer",
      ),
  },
];
