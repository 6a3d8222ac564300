#!/usr/bin/env bash
# llama.cpp's server counts one choice in `usage`: with n = 3, or with a list of three prompts, completion_tokens (and the list's
# prompt_tokens) are those of one.
# Guess: usage is of the request, so it sums over choices and prompts, as OpenAI says and vLLM does; whoever divides tokens
# by seconds then reports a third of the throughput.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet xllamacpp==2026.10.11549 gguf==0.19.0
cat > "$work/look.py" <<'PY'
import importlib.metadata, json, socket, sys, time
import gguf, numpy as np, xllamacpp

model = sys.argv[1]
size, vocabulary, heads = 32, 300, 2
writer = gguf.GGUFWriter(model, "llama")
writer.add_context_length(512); writer.add_embedding_length(size); writer.add_block_count(1)
writer.add_feed_forward_length(64); writer.add_head_count(heads); writer.add_head_count_kv(heads)
writer.add_layer_norm_rms_eps(1e-5); writer.add_rope_dimension_count(size // heads); writer.add_vocab_size(vocabulary)
pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)] + [f"w{i}" for i in range(vocabulary - 259)]
kind = gguf.TokenType
writer.add_tokenizer_model("llama"); writer.add_token_list(pieces); writer.add_token_scores([-float(i) for i in range(vocabulary)])
writer.add_token_types([int(k) for k in [kind.UNKNOWN, kind.CONTROL, kind.CONTROL] + [kind.BYTE] * 256 + [kind.NORMAL] * (vocabulary - 259)])
writer.add_bos_token_id(1); writer.add_eos_token_id(2)
chance = np.random.default_rng(0)
weight = lambda name, *shape: writer.add_tensor(name, (chance.standard_normal(shape) * 0.05).astype(np.float32))
ones = lambda name: writer.add_tensor(name, np.ones(size, dtype=np.float32))
weight("token_embd.weight", vocabulary, size); ones("output_norm.weight"); weight("output.weight", vocabulary, size)
for name in ("attn_q", "attn_k", "attn_v", "attn_output"): weight(f"blk.0.{name}.weight", size, size)
ones("blk.0.attn_norm.weight"); ones("blk.0.ffn_norm.weight")
weight("blk.0.ffn_gate.weight", 64, size); weight("blk.0.ffn_up.weight", 64, size); weight("blk.0.ffn_down.weight", size, 64)
writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
params = xllamacpp.CommonParams()
params.model.path, params.hostnames, params.port, params.n_ctx, params.n_parallel, params.warmup = model, ["127.0.0.1"], port, 2048, 4, False
server = xllamacpp.Server(params)

import urllib.request

def ask(path, **fields):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(fields).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()

def retried(path, **fields):
    for attempt in range(50):
        try: return ask(path, **fields)
        except OSError: time.sleep(0.2)
    raise SystemExit("the server does not answer")

same = {"temperature": 0, "max_tokens": 4}
one = json.loads(retried("/v1/completions", prompt="w1 w2", **same))
many = json.loads(ask("/v1/completions", prompt=["w1 w2", "w1 w2", "w1 w2"], **same))
chosen = json.loads(ask("/v1/chat/completions", messages=[{"role": "user", "content": "w1"}], n=3, **same))
show = lambda what, answer: print(what.ljust(22), len(answer["choices"]), "choices", {k: v for k, v in answer["usage"].items() if k.endswith("_tokens")})
show("one prompt", one); show("a list of three", many); show("chat, n = 3", chosen)
print("xllamacpp", importlib.metadata.version("xllamacpp"))
sys.stdout.flush()
import os
as_one = all(many["usage"][k] == one["usage"][k] for k in ("prompt_tokens", "completion_tokens"))
os._exit(0 if len(many["choices"]) == 3 and len(chosen["choices"]) == 3 and as_one and chosen["usage"]["completion_tokens"] <= 4 else 1)
PY
"$work/venv/bin/python" "$work/look.py" "$work/tiny.gguf" 2> "$work/log" ||
  { tail -5 "$work/log"; echo "not seen any more"; exit 1; }
echo "seen: three choices came, and usage counts one"
