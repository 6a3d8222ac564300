"""Writes a tiny Llama (configuration and tokenizer, no weights) for `vllm serve FOLDER --load-format dummy`.

Usage: tiny-model.py FOLDER. Needs `transformers` and no network; the files are the same at every call.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

VOCABULARY = 16384
BEGIN, END, PAD = "<|begin|>", "<|end|>", "<|pad|>"
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 256,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 4096,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
}
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
)


def pseudo_words(count=40_000, seed=0):
    """Made-up words of one to five syllables: enough distinct pairs for the trainer to fill the vocabulary."""
    chance = random.Random(seed)
    starts = [a + b for a in "bcdfghklmnprstvwz" for b in ("", "r", "l", "h")]
    ends = [a + b for a in "aeiou" for b in ("", "n", "s", "t", "r")]
    for _ in range(count):
        yield "".join(chance.choice(starts) + chance.choice(ends) for _ in range(chance.randint(1, 5)))


def train_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[BEGIN, END, PAD],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator((" " + word for word in pseudo_words()), trainer)
    if tokenizer.get_vocab_size() != VOCABULARY:
        raise SystemExit(f"the tokenizer has {tokenizer.get_vocab_size()} tokens instead of {VOCABULARY}")
    return tokenizer


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=train_tokenizer(),
        bos_token=BEGIN,
        eos_token=END,
        pad_token=PAD,
        model_max_length=CONFIG["max_position_embeddings"],
        chat_template=CHAT_TEMPLATE,
    )
    fast.save_pretrained(folder)
    ids = {f"{name}_token_id": fast.convert_tokens_to_ids(token) for name, token in (("bos", BEGIN), ("eos", END))}
    (folder / "config.json").write_text(json.dumps({**CONFIG, **ids}, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
