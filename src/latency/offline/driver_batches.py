"""One batch after the other against the offline engine, as `vllm bench latency` and `vllm bench throughput` do it."""

import time
import traceback

from driver_events import WrongUse, describe

TOKEN_IDS = 10_000  # the range of a random prompt's tokens, as in `vllm bench latency`


def sampling_params(sampling, output_len):
    from vllm import SamplingParams

    try:
        if sampling["beamSearch"]:
            return beam_search_params(sampling["n"], output_len)
        return SamplingParams(n=sampling["n"], temperature=sampling["temperature"], top_p=sampling["topP"],
                              ignore_eos=True, max_tokens=output_len, detokenize=sampling["detokenize"])
    except (KeyError, ValueError) as error:
        raise WrongUse("bad_plan", f"sampling: {error!r}") from error


def beam_search_params(width, output_len):
    from vllm.sampling_params import BeamSearchParams

    known = getattr(BeamSearchParams, "__struct_fields__", ())
    # As in vLLM's own benchmark; older versions do not know it.
    watermarking = {"watermarking": False} if "watermarking" in known else {}
    return BeamSearchParams(beam_width=width, max_tokens=output_len, ignore_eos=True, **watermarking)


def effective(params):
    values = {name: getattr(params, name) for name in params.__struct_fields__ if not name.startswith("_")}
    return {name: value for name, value in values.items() if isinstance(value, (bool, int, float, str))}


def random_prompts(seed, batch_size, input_len, vocabulary):
    import numpy as np
    from vllm.inputs import TokensPrompt

    # Seeded by the size too: a size gets the same prompts whatever was measured before it.
    ids = np.random.RandomState([seed, batch_size]).randint(min(TOKEN_IDS, vocabulary), size=(batch_size, input_len))
    return [TokensPrompt(prompt_token_ids=row) for row in ids.tolist()]


def is_beam_search(params):
    return hasattr(params, "beam_width")


def timed(llm, prompts, params):
    started = time.perf_counter()
    if is_beam_search(params):
        outputs = llm.beam_search(prompts, params)
    else:
        outputs = llm.generate(prompts, params, use_tqdm=False)
    return time.perf_counter() - started, outputs


def token_counts(outputs, prompts, params):
    """Tokens of each prompt, and of all that was made of it. A beam holds its prompt too."""
    asked = [len(prompt["prompt_token_ids"]) for prompt in prompts]
    if is_beam_search(params):
        return asked, [sum(len(beam.tokens) - length for beam in output.sequences)
                       for output, length in zip(outputs, asked)]
    return ([len(output.prompt_token_ids) for output in outputs],
            [sum(len(part.token_ids) for part in output.outputs) for output in outputs])


def measure_cell(llm, plan, cell, params, events):
    vocabulary = llm.llm_engine.model_config.get_vocab_size()
    prompts = random_prompts(plan.seed, cell.batchSize, cell.inputLen, vocabulary)
    warmup_seconds = sum(timed(llm, prompts, params)[0] for _ in range(plan.warmup))
    events.emit("warmup_done", cell=cell.id, seconds=warmup_seconds)
    asked = ([cell.inputLen] * cell.batchSize, [cell.outputLen * cell.sampling["n"]] * cell.batchSize)
    latencies, tokens = [], None
    for index in range(plan.iterations):
        seconds, outputs = timed(llm, prompts, params)
        latencies.append(seconds)
        if tokens in (None, asked):  # the first iteration that fell short stands for all
            tokens = token_counts(outputs, prompts, params)
        events.emit("iteration", cell=cell.id, index=index, seconds=seconds)
    if plan.profileDir is not None:
        profile(llm, prompts, params, cell.id)
    events.emit("size", cell=cell.id, latencies=latencies, inputTokens=tokens[0], outputTokens=tokens[1],
                warmupSeconds=warmup_seconds, measuredSeconds=sum(latencies))


def measure_burst(llm, plan, cell, params, events):
    """All requests of a throughput cell at once. Other prompts each time: a prefix cache, if asked for, would serve them."""
    vocabulary = llm.llm_engine.model_config.get_vocab_size()

    def hand_over(count, draw):
        prompts = random_prompts(plan.seed + draw, count, cell.inputLen, vocabulary)
        seconds, outputs = timed(llm, prompts, params)
        return seconds, token_counts(outputs, prompts, params)

    repeats, warmup_requests = cell.burst["repeats"], cell.burst["warmupRequests"]
    warmup_seconds = hand_over(warmup_requests, repeats)[0] if warmup_requests > 0 else 0
    events.emit("warmup_done", cell=cell.id, seconds=warmup_seconds)
    durations, tokens = [], ([], [])
    for index in range(repeats):
        seconds, tokens = hand_over(cell.batchSize, index)
        durations.append(seconds)
        events.emit("iteration", cell=cell.id, index=index, seconds=seconds, inputTokens=tokens[0],
                    outputTokens=tokens[1])
    events.emit("size", cell=cell.id, latencies=durations, inputTokens=tokens[0], outputTokens=tokens[1],
                warmupSeconds=warmup_seconds, measuredSeconds=sum(durations))


def profile(llm, prompts, params, cell_id):
    """One more batch under the profiler, which is not counted."""
    try:
        llm.start_profile(cell_id.replace("/", "_"))
    except TypeError:  # older versions name the files themselves
        llm.start_profile()
    timed(llm, prompts, params)
    llm.stop_profile()


def cause_of_death(llm):
    """Asks for one more token, which also drains what a failed batch left. None when the engine lives."""
    one = {"n": 1, "temperature": 1, "topP": 1, "detokenize": False, "beamSearch": False}
    try:
        timed(llm, random_prompts(0, 1, 1, 1), sampling_params(one, 1))
    except Exception as error:
        return describe(error)["error"]


def measure(llm, plan, events):
    exit_code = 0
    for cell in plan.cells:
        params = sampling_params(cell.sampling, cell.outputLen)
        events.emit("size_started", cell=cell.id, sampling=effective(params))
        try:
            (measure_cell if cell.burst is None else measure_burst)(llm, plan, cell, params, events)
        except Exception as error:
            traceback.print_exc()
            events.emit("size_failed", cell=cell.id, **describe(error))
            exit_code = 1
            if death := cause_of_death(llm):
                events.emit("engine_died", error=death)
                return 3
    events.emit("done")
    return exit_code
