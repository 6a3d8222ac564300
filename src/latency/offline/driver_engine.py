"""The offline engine: vLLM's `LLM` from the flags of its own command line, whatever the version."""

import contextlib
import dataclasses
import importlib
import json
import os
import time

from driver_events import WrongUse


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


def context_of(engine_args):
    """The context in tokens that the engine will have, as far as it tells before its start."""
    if isinstance(engine_args.max_model_len, int) and engine_args.max_model_len > 0:
        return engine_args.max_model_len
    with contextlib.suppress(Exception):  # a model that cannot be read is told of by the engine's start
        return engine_args.create_model_config().max_model_len


def profiler_flags(folder):
    """Makes PyTorch's profiler write into the folder: by a flag, in older versions by a variable."""
    if folder is None:
        return []
    from vllm.engine.arg_utils import EngineArgs

    if any(field.name == "profiler_config" for field in dataclasses.fields(EngineArgs)):
        return ["--profiler-config", json.dumps({"profiler": "torch", "torch_profiler_dir": folder})]
    os.environ["VLLM_TORCH_PROFILER_DIR"] = folder
    return []
