#!/usr/bin/env bash
# LiteLLM's proxy leaves out the events of a stream whose text is empty, and puts a choice into the chunk of the usage.
# Guess: a proxy passes events one to one, so that the gaps between them are the engine's ITL. Random tokens often decode to no
# text: their times are lost, the gap after them holds several tokens, and a client that takes any choice for a token counts one too many.
set -euo pipefail
work=$(mktemp -d)
proxy=
engine=
stop() {
  for pid in $proxy $engine; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "litellm[proxy]==1.108.7"
cat > "$work/engine.py" <<'PY'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Engine(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    def log_message(self, *_): pass
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200); self.send_header("content-type", "text/event-stream"); self.end_headers()
        common = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
        for text in ["a", "", "b", "", "", "c"]:
            self.say({**common, "choices": [{"index": 0, "text": text, "finish_reason": None}]})
        self.say({**common, "choices": [{"index": 0, "text": "d", "finish_reason": "length"}]})
        self.say({**common, "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 7, "total_tokens": 8}})
        self.wfile.write(b"data: [DONE]\n\n")
    def say(self, event):
        self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")

server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
print(server.server_port, flush=True)
server.serve_forever()
PY
"$work/venv/bin/python" "$work/engine.py" > "$work/port" &
engine=$!
until [ -s "$work/port" ]; do sleep 0.1; done
port=$("$work/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$work/config.yaml" <<YAML
model_list:
  - model_name: m
    litellm_params: {model: hosted_vllm/m, api_base: "http://127.0.0.1:$(cat "$work/port")/v1", api_key: none}
YAML
export LITELLM_MASTER_KEY=sk-$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
(cd "$work" && exec "$work/venv/bin/litellm" --config config.yaml --host 127.0.0.1 --port "$port" --telemetry False > log 2>&1) &
proxy=$!
cat > "$work/ask.py" <<'PY'
import importlib.metadata, json, os, sys, time, urllib.request

def ask():
    body = {"model": "m", "prompt": "x", "max_tokens": 7, "stream": True, "stream_options": {"include_usage": True}}
    headers = {"content-type": "application/json", "authorization": f"Bearer {os.environ['LITELLM_MASTER_KEY']}"}
    request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/v1/completions", json.dumps(body).encode(), headers)
    return urllib.request.urlopen(request, timeout=30).read().decode()

for attempt in range(240):
    try: text = ask(); break
    except OSError: time.sleep(0.5)
events = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: {")]
texts = [choice.get("text") for event in events for choice in event.get("choices", [])]
usage = [event for event in events if event.get("usage")]
print("litellm", importlib.metadata.version("litellm"))
print("engine sent the texts  a, '', b, '', '', c, d, and usage without a choice")
print("proxy sent the texts  ", texts)
print("choices in its usage chunk:", [len(event.get("choices", [])) for event in usage])
lost = texts.count("") + texts.count(None) <= 2 and [text for text in texts if text] == ["a", "b", "c", "d"]
sys.exit(0 if lost and usage and usage[-1]["choices"] else 1)
PY
"$work/venv/bin/python" "$work/ask.py" "$port" || { tail -5 "$work/log"; echo "not seen any more"; exit 1; }
echo "seen: events without text are gone, and the usage chunk has a choice"
