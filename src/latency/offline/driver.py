"""Measures batch latency and throughput over many batch sizes and lengths with ONE offline vLLM engine.

Usage: driver.py --plan plan.json --events events.jsonl. Works as `vllm bench latency` does, or as `vllm bench
throughput` for cells with a burst, cell after cell, and appends what it learns to the events file at once, so that a
crash loses only the rest.
Exit codes: 0 good, 1 a cell failed, 2 wrong use, 3 the engine did not start or died, 128 + N stopped by signal N.
"""

import argparse
import dataclasses
import importlib.util
import json
import os
import sys
import threading
import traceback

from driver_batches import measure, sampling_params
from driver_engine import context_of, make_engine, parse_engine_args, process_age, profiler_flags
from driver_events import Events, WrongUse, describe
from driver_process import end_group, follow_parent, handle_signals, leave, psutil, watch_engine


@dataclasses.dataclass
class Cell:
    id: str
    batchSize: int
    inputLen: int
    outputLen: int
    sampling: dict
    burst: dict | None = None  # of a throughput cell: repeats, warmupRequests


@dataclasses.dataclass
class Plan:
    model: str
    engineArgs: list
    cells: list
    warmup: int
    iterations: int
    seed: int
    profileDir: str | None

    @classmethod
    def read(cls, path):
        try:
            with open(path, encoding="utf-8") as file:
                plan = cls(**json.load(file))
            plan.cells = [Cell(**cell) for cell in plan.cells]
        except (OSError, ValueError, TypeError) as error:
            raise WrongUse("bad_plan", f"{path}: {error}") from error
        if plan.model.startswith(("/", ".")) and not os.path.exists(plan.model):
            raise WrongUse("model_missing", f"there is no model at {plan.model}")
        return plan

    def check_context(self, max_model_len):
        """Of all cells together: none is measured when one does not fit."""
        for cell in self.cells:
            wanted = cell.inputLen + cell.outputLen
            if isinstance(max_model_len, int) and 0 < max_model_len < wanted:
                raise WrongUse("context_too_long", f"input {cell.inputLen} + output {cell.outputLen} = {wanted} tokens"
                               f" do not fit into the engine's context of {max_model_len}")


def sweep(plan, events):
    import vllm

    engine_args, changed = parse_engine_args(plan.model, [*profiler_flags(plan.profileDir), *plan.engineArgs])
    plan.check_context(context_of(engine_args))  # before the engine's start, which takes minutes on a GPU
    for cell in plan.cells:
        sampling_params(cell.sampling, cell.outputLen)
    llm = make_engine(engine_args)
    config = llm.llm_engine.model_config
    events.emit("engine", seconds=process_age(), version=vllm.__version__, maxModelLen=config.max_model_len,
                dtype=str(config.dtype).removeprefix("torch."), engineArgs=changed)
    plan.check_context(config.max_model_len)
    threading.Thread(target=watch_engine, daemon=True).start()
    return measure(llm, plan, events)


def refuse_without_vllm(events):
    message = (f"vLLM is not installed in {sys.executable}: pip install vllm, or name the Python that has it in "
               "PITWALL_PYTHON, or its vllm program in PITWALL_VLLM")
    print(f"driver.py: {message}", file=sys.stderr)
    events.emit("error", kind="no_vllm", error=message)
    sys.exit(2)


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
        print(f"driver.py: error: {error}", file=sys.stderr)
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
