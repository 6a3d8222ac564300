import { brief, crash, lacks, type Sign } from "../sign.ts";

/** argparse's words, pydantic's, and those of vLLM's configuration. */
export const ARGUMENT_SIGNS: Sign[] = [
  {
    pattern: /error: unrecognized arguments: ([^\n]+)/,
    explain: ([, flags]) =>
      crash(
        `this version of the engine does not know the argument ${brief(flags!)}`,
        "remove it from --engine-args or write it as this version does (vllm serve --help=all)",
      ),
  },
  {
    pattern: /(?<!fatal *: )Unknown option '(--?[\w-]+)|error: invalid argument: (-\S+)/,
    explain: ([, option, argument]) =>
      crash(`the engine does not know the argument ${option ?? argument}`, "remove it from --engine-args"),
  },
  {
    pattern: /error: argument (-[^\n:]+): ([^\n]+)/,
    explain: ([, flag, why]) =>
      crash(`the engine refuses the argument ${flag}: ${brief(why!)}`, "correct it in --engine-args"),
  },
  {
    pattern: /error: ambiguous option: (\S+) could match ([^\n]+)/,
    explain: ([, flag, others]) =>
      crash(`the argument ${flag} is short for several: ${brief(others!)}`, "write it in full in --engine-args"),
  },
  {
    pattern: /User-specified max_model_len \((\d+)\) is greater than the derived max_model_len \((?:\w+=)?(\d+)/,
    explain: ([, asked, longest]) =>
      crash(
        `a context of ${asked} tokens is longer than the model's own, ${longest}`,
        `put --max-model-len ${longest} or less into --engine-args`,
      ),
  },
  {
    pattern: /max_num_batched_tokens \((\d+)\) is smaller than max_model_len \((\d+)\)/,
    explain: ([, batched, length]) =>
      crash(
        `a batch of ${batched} tokens (max_num_batched_tokens) does not hold a context of ${length}`,
        `put --max-num-batched-tokens ${length} into --engine-args, or lower --max-model-len`,
      ),
  },
  {
    pattern: /[Tt]otal number of attention heads \((\d+)\) must be divisible by tensor parallel size \((\d+)\)/,
    explain: ([, heads, size]) =>
      crash(
        `the model has ${heads} attention heads, which ${size} GPUs cannot share`,
        `choose a --tensor-parallel-size that divides ${heads}`,
      ),
  },
  {
    pattern:
      /is not divisible by (?:weight quantization block|min_thread|\d+)|must be divisible by (?:tensor|the tensor|ep_size|tp_size|world)[^\n]*|Consider reducing tensor_parallel_size/,
    explain: () =>
      crash("the model cannot be shared among so many GPUs", "choose another --tensor-parallel-size in --engine-args"),
  },
  {
    pattern: /Unknown quantization method: ([^.\n]+)/,
    explain: ([, method]) =>
      crash(
        `this version of the engine does not know the quantization ${brief(method!)}`,
        "choose one that the log lists, as --quantization in --engine-args",
      ),
  },
  {
    pattern: /Quantization method specified in the model config \((\w+)\) does not match[^\n]{0,300}\((\w+)\)/,
    explain: ([, model, asked]) =>
      crash(`the model is quantized as ${model}, not ${asked}`, "take --quantization out of --engine-args"),
  },
  {
    pattern: /(?:torch\.)?(bfloat16|float16|float32) is not supported for quantization method (\w+)/,
    explain: ([, dtype, method]) =>
      crash(
        `the quantization ${method} does not work with ${dtype}`,
        `put --dtype ${dtype === "float16" ? "bfloat16" : "half"} into --engine-args`,
      ),
  },
  {
    pattern: /model type '?(\w+)'? does not support (float16|bfloat16)/,
    explain: ([, type, dtype]) =>
      crash(
        `models of the type ${type} do not work with ${dtype}`,
        `put --dtype ${dtype === "float16" ? "bfloat16" : "float32"} into --engine-args`,
      ),
  },
  {
    pattern: /invalid (tool call|reasoning) parser: (\S+) \(chose from \{? ?([^\n})]*)/,
    explain: ([, kind, name, others]) =>
      crash(
        `this version of the engine has no ${kind} parser ${name}`,
        `choose one of its own in --engine-args: ${brief(others!)}`,
      ),
  },
  {
    pattern: /LoRA rank (\d+) is greater than max_lora_rank (\d+)/,
    explain: ([, rank, most]) =>
      crash(
        `the adapter (LoRA) has the rank ${rank}, and ${most} is the most that was asked for`,
        `put --max-lora-rank ${rank} into --engine-args`,
      ),
  },
  {
    pattern:
      /chat template \(([^)\n]{1,200})\) looks like a file path, but|Chat template (\S{1,200}) is not a built-in template name or a valid/,
    explain: ([, vllm, sglang]) =>
      crash(
        `the chat template ${brief(vllm ?? sglang!)} cannot be read`,
        "correct the path of --chat-template in --engine-args; a container must be given its folder (-v)",
      ),
  },
  {
    pattern: /Error in memory profiling/,
    explain: () =>
      lacks(
        "another process gave memory of the GPU back while the engine measured it",
        "start again when nothing else starts or ends on this GPU",
      ),
  },
];

/** For the end: vLLM wraps most failures in pydantic's words. */
export const CONFIGURATION_SIGNS: Sign[] = [
  {
    pattern:
      /validation errors? for (\w+)\n(?:\([^)\n]*\) )?(?:(\w[\w.]*)\n(?:\([^)\n]*\) )?)? +(?:Value error, |Assertion failed, )?([^\n[]+)/,
    explain: ([, config, field, why]) =>
      crash(`the engine refuses its configuration (${field ?? config}): ${brief(why!)}`, "correct it in --engine-args"),
  },
];
