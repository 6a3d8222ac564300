#!/usr/bin/env bash
# llama.cpp's server announces `Keep-Alive: timeout=5, max=100` on a streamed answer and closes the connection at once.
# Guess: whoever says Keep-Alive keeps the connection for 5 s, as the same server does after an answer that is not streamed.
# A client that trusts the header sends its next request into a closing connection: every second one is lost.
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
params.model.path, params.hostnames, params.port, params.n_ctx, params.warmup = model, ["127.0.0.1"], port, 512, False
server = xllamacpp.Server(params)

def answer(stream):
    """The head of an answer, and whether the connection is still open two seconds after its end."""
    body = json.dumps({"prompt": "w1", "max_tokens": 2, "stream": stream}).encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        connection.settimeout(2)
        came = b""
        try:
            while part := connection.recv(65536): came += part
            return came, False
        except TimeoutError:
            return came, True

for attempt in range(50):
    came, _ = answer(False)
    if b" 200 " in came[:20]: break
    time.sleep(0.2)
seen = {}
for stream in (False, True):
    came, is_open = answer(stream)
    head = came.split(b"\r\n\r\n")[0].decode().lower()
    seen[stream] = ("keep-alive: timeout=" in head, is_open)
    print("streamed:" if stream else "whole:   ", "announces Keep-Alive" if seen[stream][0] else "announces nothing", "| open after 2 s:", is_open)
    if stream: print("ends properly:", came.rstrip().endswith(b"0"))
print("xllamacpp", importlib.metadata.version("xllamacpp"))
sys.stdout.flush()
import os
os._exit(0 if seen[False] == (True, True) and seen[True] == (True, False) else 1)
PY
"$work/venv/bin/python" "$work/look.py" "$work/tiny.gguf" 2> "$work/log" ||
  { tail -5 "$work/log"; echo "not seen any more"; exit 1; }
echo "seen: the same Keep-Alive header on both answers, and the connection closed after the streamed one only"
