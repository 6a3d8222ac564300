"""Measures batch latency over several batch sizes with ONE offline vLLM engine.

Usage: driver.py --plan plan.json --events events.jsonl. Works as `vllm bench latency` does, size after size,
and appends what it learns to the events file at once, so that a crash loses only the rest.
Exit codes: 0 good, 1 a size failed, 2 wrong use, 3 the engine did not start or died, 128 + N stopped by signal N.
"""

import argparse
import contextlib
import dataclasses
import importlib
import importlib.util
import json
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
import traceback
from multiprocessing import resource_tracker

try:
    import psutil  # vLLM needs it too
except ImportError:  # then there is no vLLM either, which main says in a way that helps
    psutil = None

TOKEN_IDS = 10_000  # the range of a random prompt's tokens, as in `vllm bench latency`
GRACE_SECONDS = 2


class WrongUse(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


@dataclasses.dataclass
class Plan:
    model: str
    engineArgs: list
    batchSizes: list
    inputLen: int
    outputLen: int
    warmup: int
    iterations: int
    seed: int
    sampling: dict

    @classmethod
    def read(cls, path):
        try:
            with open(path, encoding="utf-8") as file:
                plan = cls(**json.load(file))
        except (OSError, ValueError, TypeError) as error:
            raise WrongUse("bad_plan", f"{path}: {error}") from error
        if plan.model.startswith(("/", ".")) and not os.path.exists(plan.model):
            raise WrongUse("model_missing", f"there is no model at {plan.model}")
        return plan

    def check_context(self, max_model_len):
        wanted = self.inputLen + self.outputLen
        if isinstance(max_model_len, int) and 0 < max_model_len < wanted:
            raise WrongUse("context_too_long", f"input {self.inputLen} + output {self.outputLen} = {wanted} tokens"
                           f" do not fit into the engine's context of {max_model_len}")


class Events:
    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def emit(self, event, **fields):
        # One write a line, so that a signal cannot leave half a line.
        os.write(self.file, (json.dumps({"event": event, **fields}, default=str) + "\n").encode())
        os.fsync(self.file)


def describe(error):
    text = f"{type(error).__name__}: {error}"
    signs = ("outofmemory", "cannotallocatememory", "memoryerror")
    return {"error": text, "outOfMemory": any(sign in text.lower().replace(" ", "") for sign in signs)}


def process_age():
    """Seconds since this process was made, so that Python's start and vLLM's import count as engine start."""
    with open("/proc/self/stat", encoding="utf-8") as file:
        started_ticks = int(file.read().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started_ticks / os.sysconf("SC_CLK_TCK")


def argument_parser_class():
    for module in ("vllm.utils.argparse_utils", "vllm.utils", "vllm.foundation.utilities.argparse_utils"):
        with contextlib.suppress(ImportError, AttributeError):
            return importlib.import_module(module).FlexibleArgumentParser
    raise ImportError("this vLLM has no FlexibleArgumentParser in any of its known places")


def parse_engine_args(model, flags):
    """The engine's arguments, and those of them that are not vLLM's defaults."""
    from vllm.engine.arg_utils import EngineArgs

    def refuse(message):
        raise WrongUse("bad_engine_args", message)

    parser = EngineArgs.add_cli_args(argument_parser_class()(prog="engineArgs", add_help=False))
    parser.error = refuse
    defaults = EngineArgs.from_cli_args(parser.parse_args(["--model", model]))
    parser.set_defaults(enable_prefix_caching=False)  # else a repeated prompt is answered from the cache
    try:
        chosen = EngineArgs.from_cli_args(parser.parse_args(["--model", model, *flags]))
    except ValueError as error:
        refuse(str(error))
    named = {field.name: getattr(chosen, field.name) for field in dataclasses.fields(chosen)}
    return chosen, {key: value for key, value in named.items() if key == "model" or value != getattr(defaults, key)}


def make_engine(engine_args):
    from vllm import LLM

    if hasattr(LLM, "from_engine_args"):
        return LLM.from_engine_args(engine_args)
    return LLM(**dataclasses.asdict(engine_args))


def sampling_params(sampling, output_len):
    from vllm import SamplingParams

    try:
        return SamplingParams(n=sampling["n"], temperature=sampling["temperature"], top_p=sampling["topP"],
                              ignore_eos=True, max_tokens=output_len, detokenize=sampling["detokenize"])
    except (KeyError, ValueError) as error:
        raise WrongUse("bad_plan", f"sampling: {error!r}") from error


def effective(params):
    values = {name: getattr(params, name) for name in params.__struct_fields__ if not name.startswith("_")}
    return {name: value for name, value in values.items() if isinstance(value, (bool, int, float, str))}


def random_prompts(seed, batch_size, input_len, vocabulary):
    import numpy as np
    from vllm.inputs import TokensPrompt

    # Seeded by the size too: a size gets the same prompts whatever was measured before it.
    ids = np.random.RandomState([seed, batch_size]).randint(min(TOKEN_IDS, vocabulary), size=(batch_size, input_len))
    return [TokensPrompt(prompt_token_ids=row) for row in ids.tolist()]


def timed(llm, prompts, params):
    started = time.perf_counter()
    outputs = llm.generate(prompts, params, use_tqdm=False)
    return time.perf_counter() - started, outputs


def measure_size(llm, plan, params, batch_size, events):
    prompts = random_prompts(plan.seed, batch_size, plan.inputLen, llm.llm_engine.model_config.get_vocab_size())
    warmup_seconds = sum(timed(llm, prompts, params)[0] for _ in range(plan.warmup))
    events.emit("warmup_done", batchSize=batch_size, seconds=warmup_seconds)
    latencies, tokens, asked = [], None, ([plan.inputLen] * batch_size, [plan.outputLen * params.n] * batch_size)
    for index in range(plan.iterations):
        seconds, outputs = timed(llm, prompts, params)
        latencies.append(seconds)
        if tokens in (None, asked):  # the first iteration that fell short stands for all
            tokens = token_counts(outputs)
        events.emit("iteration", batchSize=batch_size, index=index, seconds=seconds)
    events.emit("size", batchSize=batch_size, latencies=latencies, inputTokens=tokens[0], outputTokens=tokens[1],
                warmupSeconds=warmup_seconds, measuredSeconds=sum(latencies))


def token_counts(outputs):
    return ([len(output.prompt_token_ids) for output in outputs],
            [sum(len(part.token_ids) for part in output.outputs) for output in outputs])


def cause_of_death(llm):
    """Asks for one more token, which also drains what a failed batch left. None when the engine lives."""
    try:
        timed(llm, random_prompts(0, 1, 1, 1), sampling_params({"n": 1, "temperature": 1, "topP": 1, "detokenize": 0}, 1))
    except Exception as error:
        return describe(error)["error"]


def measure(llm, plan, params, events):
    exit_code = 0
    for batch_size in plan.batchSizes:
        events.emit("size_started", batchSize=batch_size)
        try:
            measure_size(llm, plan, params, batch_size, events)
        except Exception as error:
            traceback.print_exc()
            events.emit("size_failed", batchSize=batch_size, **describe(error))
            exit_code = 1
            if death := cause_of_death(llm):
                events.emit("engine_died", error=death)
                return 3
    events.emit("done")
    return exit_code


def sweep(plan, events):
    import vllm

    engine_args, changed = parse_engine_args(plan.model, plan.engineArgs)
    plan.check_context(engine_args.max_model_len)  # a length that was given is refused before the engine's start
    params = sampling_params(plan.sampling, plan.outputLen)
    llm = make_engine(engine_args)
    config = llm.llm_engine.model_config
    events.emit("engine", seconds=process_age(), version=vllm.__version__, maxModelLen=config.max_model_len,
                dtype=str(config.dtype).removeprefix("torch."), engineArgs=changed, sampling=effective(params))
    plan.check_context(config.max_model_len)
    threading.Thread(target=watch_engine, daemon=True).start()
    return measure(llm, plan, params, events)


def watch_engine():
    """vLLM 0.32 waits for ever when its engine process is killed (by the kernel's out-of-memory killer, say)."""
    if engines := [process.sentinel for process in multiprocessing.active_children()]:
        multiprocessing.connection.wait(engines)
        time.sleep(GRACE_SECONDS)  # an engine that could still say why it ends has said so by then
        os.kill(os.getpid(), signal.SIGUSR1)


def refuse_without_vllm(events):
    message = (f"vLLM is not installed in {sys.executable}: pip install vllm, or name the Python that has it in "
               "PITWALL_PYTHON, or its vllm program in PITWALL_VLLM")
    print(f"driver.py: {message}", file=sys.stderr)
    events.emit("error", kind="no_vllm", error=message)
    sys.exit(2)


def end_group():
    """Ends this driver and all that it started, when it leads a process group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def follow_parent(end=lambda: os._exit(1)):
    """Ends this process when its parent is gone: an engine would outlive a driver, or pitwall, that was killed hard."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        end()

    threading.Thread(target=watch, daemon=True).start()


def is_tracker(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return "multiprocessing.resource_tracker" in " ".join(process.cmdline())


def leave(exit_code):
    """Ends this process, its children first. vLLM's own way takes longer and depends on the state that it is in."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    children = set()
    for send, seconds in ((psutil.Process.terminate, 0.5), (psutil.Process.kill, GRACE_SECONDS)):
        # Those seen before stay in it: the children of a child that died first are ours no longer.
        children |= {child for child in psutil.Process().children(recursive=True) if not is_tracker(child)}
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                send(child)
        psutil.wait_procs(children, seconds)
    # Python's resource tracker removes the shared memory of the others, and ends, when nobody holds its pipe.
    os.close(resource_tracker.getfd())
    psutil.wait_procs(psutil.Process().children(), GRACE_SECONDS)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


def handle_signals(events):
    def engine_killed(*_):
        events.emit("engine_died", error="the engine's process was killed")
        leave(3)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: leave(128 + received))
    signal.signal(signal.SIGUSR1, engine_killed)
    os.register_at_fork(after_in_child=follow_parent)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--plan", required=True)
    parser.add_argument("--events", required=True)
    args = parser.parse_args()
    events = Events(args.events)
    if psutil is None or importlib.util.find_spec("vllm") is None:
        return refuse_without_vllm(events)
    handle_signals(events)
    follow_parent(end_group)
    try:
        leave(sweep(Plan.read(args.plan), events))
    except WrongUse as error:
        print(f"driver.py: {error}", file=sys.stderr)
        events.emit("error", kind=error.kind, error=str(error))
        leave(2)
    except Exception as error:
        traceback.print_exc()
        events.emit("engine_died", error=describe(error)["error"])
        leave(3)


if __name__ == "__mp_main__":  # this file again, in a process that vLLM has spawned
    follow_parent()
elif __name__ == "__main__":
    main()
