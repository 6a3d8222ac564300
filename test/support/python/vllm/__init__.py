"""
Stands in for vLLM's offline engine: the same names, processes and words, none of the computing. The engine is a process
of its own with a worker below it, as in vLLM; when it is killed, `generate` waits for ever, as in vLLM 0.32.
"""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import threading
import time

from vllm.engine.arg_utils import MODEL_CONTEXT

__version__ = "0.32.0"


def end_with(worker):
    worker.wait()
    os._exit(1)


def engine_core(pipe, batch_seconds):
    worker = subprocess.Popen(["sleep", "600"])
    threading.Thread(target=end_with, args=(worker,), daemon=True).start()
    pipe.send(None)
    with contextlib.suppress(EOFError):
        while True:
            pipe.recv()
            time.sleep(batch_seconds)
            pipe.send(None)
    worker.kill()


class SamplingParams:
    __struct_fields__ = ("n", "temperature", "top_p", "ignore_eos", "max_tokens", "detokenize")

    def __init__(self, **values):
        self.__dict__.update(values)


class _Config:
    dtype = "torch.bfloat16"

    def __init__(self, max_model_len):
        self.max_model_len = max_model_len

    def get_vocab_size(self):
        return 32_000


class _Output:
    def __init__(self, prompt, params):
        self.prompt_token_ids = prompt["prompt_token_ids"]
        self.outputs = [self] * params.n
        self.token_ids = [0] * params.max_tokens


def refuse_context(length, room):
    print(f"(EngineCore pid=1) ValueError: To serve at least one request with the models's max seq len ({length}), "
          "(16.00 GiB KV cache is needed, which is larger than the available KV cache memory (7.38 GiB). Based on the "
          f"available memory, the estimated maximum model length is {room}.", file=sys.stderr, flush=True)
    raise RuntimeError("Engine core initialization failed. See root cause above. Failed core proc(s): {}")


class LLM:
    @classmethod
    def from_engine_args(cls, args):
        return cls(args)

    def __init__(self, args):
        length = args.max_model_len or MODEL_CONTEXT
        if args.fake_kv_tokens is not None and length > args.fake_kv_tokens:
            refuse_context(length, args.fake_kv_tokens)
        if args.fake_oom_again:
            refuse_context(length, length // 2)
        self.llm_engine = self
        self.model_config = _Config(length)
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        core = context.Process(target=engine_core, args=(theirs, args.fake_batch_seconds))
        core.start()
        theirs.close()
        self.pipe.recv()
        if args.fake_die_when_ready:
            core.kill()
            core.join()

    def generate(self, prompts, params, use_tqdm):
        try:
            self.pipe.send(None)
            self.pipe.recv()
        except (EOFError, OSError):
            threading.Event().wait()
        return [_Output(prompt, params) for prompt in prompts]
