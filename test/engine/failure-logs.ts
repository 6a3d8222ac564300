/*
 * The last words of engines, each as the tool named there prints them; a path or a name is shortened. What stands around
 * them is real: see `vllm-0.32.0-server.log`.
 */
interface FailureCase {
  name: string;
  words: string;
  reason: string;
  /** Parts of the sentence: cause and fix. */
  says: string[];
}

/** Failures on the way up. */
export const START_FAILURES: FailureCase[] = [
  {
    name: "a gated model",
    words: `huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-0)

Cannot access gated repo for url https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/resolve/main/config.json.
Access to model meta-llama/Llama-3.1-8B-Instruct is restricted. You must have access to it and be authenticated to access it. Please log in.`,
    reason: "environment",
    says: ["the model meta-llama/Llama-3.1-8B-Instruct is gated", "set HF_TOKEN"],
  },
  {
    name: "a refused token",
    words:
      "huggingface_hub.errors.HfHubHTTPError: 401 Client Error: Unauthorized. Invalid credentials in Authorization header",
    reason: "environment",
    says: ["Hugging Face refuses the token", "still valid"],
  },
  {
    name: "a model that is not there",
    words: `huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error.

Repository Not Found for url: https://huggingface.co/api/models/octo/no-such-model/tree/main.
OSError: octo/no-such-model is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'`,
    reason: "environment",
    says: ["the model octo/no-such-model was not found", "check --model"],
  },
  {
    name: "a hub out of reach",
    words:
      "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
    reason: "environment",
    says: ["huggingface.co could not be reached", "HTTPS_PROXY"],
  },
  {
    name: "memory that runs out at load",
    words:
      "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.96 GiB. GPU 0 has a total capacity of 79.11 GiB",
    reason: "out_of_memory",
    says: ["while the weights were loaded", "--tensor-parallel-size"],
  },
  {
    name: "memory that runs out in the warm-up",
    words: `INFO 11-22 06:40:00 [gpu_model_runner.py:1] Model loading took 14.99 GiB and 3.5 seconds
RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests.`,
    reason: "out_of_memory",
    says: ["after the weights were loaded", "--max-num-seqs"],
  },
  {
    name: "a KV cache with an estimate",
    words:
      "ValueError: To serve at least one request with the model's max seq len (131072), 16.00 GiB KV cache is needed, which is larger than the available KV cache memory (7.38 GiB). Based on the available memory, the estimated maximum model length is 60416.",
    reason: "out_of_memory",
    says: ["largest max_model_len that fits is 60416", "--max-model-len 60416"],
  },
  {
    name: "a KV cache in GiB alone",
    words:
      "ValueError: To serve at least one request with the model's max seq len (131072), (16.00 GiB KV cache is needed, which is larger than the available KV cache memory (7.38 GiB).",
    reason: "out_of_memory",
    says: ["--max-model-len 60448"],
  },
  {
    name: "a KV cache in tokens, as before vLLM 0.8",
    words:
      "ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (36080). Try increasing `gpu_memory_utilization`",
    reason: "out_of_memory",
    says: ["--max-model-len 36080"],
  },
  {
    name: "a KV cache of nothing",
    words: "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`",
    reason: "out_of_memory",
    says: ["no memory for the KV cache", "--gpu-memory-utilization"],
  },
  {
    name: "a GPU that another process fills",
    words:
      "ValueError: Free memory on device (7.24/79.25 GiB) on startup is less than desired GPU memory utilization (0.9, 71.33 GiB).",
    reason: "out_of_memory",
    says: ["only 7.24 of 79.25 GiB", "nvidia-smi"],
  },
  {
    name: "an unknown flag",
    words: "usage: vllm serve [model_tag] [options]\nvllm: error: unrecognized arguments: --swap-spaces 4",
    reason: "engine_crashed",
    says: ["does not know the argument --swap-spaces 4", "--engine-args"],
  },
  {
    name: "a flag with a bad value",
    words: "vllm serve: error: argument --dtype: invalid choice: 'fp7' (choose from auto, half, bfloat16)",
    reason: "engine_crashed",
    says: ["refuses the argument --dtype: invalid choice: 'fp7'"],
  },
  {
    name: "a context longer than the model's",
    words:
      "  Value error, User-specified max_model_len (999999) is greater than the derived max_model_len (max_position_embeddings=2048 or model_max_length=None in model's config.json).",
    reason: "engine_crashed",
    says: ["999999 tokens is longer than the model's own, 2048", "--max-model-len 2048"],
  },
  {
    name: "a quantization that the GPU cannot do",
    words:
      "ValueError: The quantization method fp8 is not supported for the current GPU. Minimum capability: 89. Current capability: 75.",
    reason: "environment",
    says: ["quantization fp8: it needs compute capability 8.9, and this one has 7.5", "--quantization"],
  },
  {
    name: "a driver that is too old, as PyTorch says it",
    words:
      "RuntimeError: The NVIDIA driver on your system is too old (found version 12020). Please update your GPU driver",
    reason: "environment",
    says: ["knows CUDA up to 12.2", "update the NVIDIA driver"],
  },
  {
    name: "a driver that is too old for the image",
    words:
      "nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown",
    reason: "environment",
    says: ["needs a driver for CUDA 12.8"],
  },
  {
    name: "no GPU to be seen",
    words: "RuntimeError: Failed to infer device type, please set the environment variable `VLLM_LOGGING_LEVEL=DEBUG`",
    reason: "environment",
    says: ["sees no GPU", "NVIDIA container toolkit"],
  },
  {
    name: "a platform that is not detected",
    words: "RuntimeError: Platform not detected",
    reason: "environment",
    says: ["sees no GPU (“Platform not detected”)"],
  },
  {
    name: "NCCL",
    words:
      "torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:1333, unhandled system error (run with NCCL_DEBUG=INFO for details), NCCL version 2.18.1",
    reason: "engine_crashed",
    says: ["NCCL, which connects the GPUs, failed", "NCCL_DEBUG=INFO", "--shm-size"],
  },
  {
    name: "too little shared memory",
    words:
      "NCCL WARN Error while creating shared memory segment /dev/shm/nccl-Ab12 (size 9637888): No space left on device",
    reason: "environment",
    says: ["/dev/shm is too small", "--shm-size"],
  },
  {
    name: "a taken port",
    words: "OSError: [Errno 98] Address already in use",
    reason: "environment",
    says: ["another program listens on the engine's port", "--port"],
  },
  {
    name: "a full disk",
    words: "OSError: [Errno 28] No space left on device",
    reason: "environment",
    says: ["the disk is full", "HF_HOME"],
  },
  {
    name: "a missing image",
    words: "docker: Error response from daemon: manifest for vllm/vllm-openai:v9.9.9 not found: manifest unknown",
    reason: "image_missing",
    says: ["manifest for vllm/vllm-openai:v9.9.9 not found", "name and tag"],
  },
  {
    name: "a killed worker",
    words:
      "ERROR 11-22 06:40:00 [multiproc_executor.py:1] Worker proc VllmWorker-1 died unexpectedly with exit code -9",
    reason: "out_of_memory",
    says: ["killed by SIGKILL", "dmesg"],
  },
  {
    name: "an error without a class of its own",
    words: `ValueError: Model architectures ['NoSuchModel'] are not supported for now.
RuntimeError: Engine core initialization failed. See root cause above.`,
    reason: "engine_crashed",
    says: ["ValueError: Model architectures ['NoSuchModel'] are not supported"],
  },
];
