import { brief, crash, lacks, type Sign } from "../sign.ts";
import { SHARED_MEMORY } from "./machine.ts";

/** Words of vLLM's Ray executor, Ray, and gloo: what several GPUs or machines need. */
export const CLUSTER_SIGNS: Sign[] = [
  {
    pattern: /World size \((\d+)\) is larger than the number of available GPUs \((\d+)\)/,
    explain: ([, wanted, found]) =>
      lacks(
        `the engine is to run on ${wanted} GPUs, and this machine shows ${found}`,
        "lower --tensor-parallel-size in --engine-args, or check CUDA_VISIBLE_DEVICES",
      ),
  },
  {
    pattern: /set tensor_parallel_size \((\d+)\) to less than max local gpu count \((\d+)\)/,
    explain: ([, wanted, found]) =>
      lacks(
        `the engine is to run on ${wanted} GPUs, and this machine shows ${found}`,
        "lower --tensor-parallel-size in --engine-args, or check CUDA_VISIBLE_DEVICES",
      ),
  },
  {
    pattern: /Failed to import Ray|Cannot import Ray|Ray is not installed|No module named 'ray'|Unable to import Ray/i,
    explain: () =>
      lacks(
        "the engine is to use Ray, which is not installed beside it",
        "install it there (pip install ray), or on one machine put --distributed-executor-backend mp into --engine-args",
      ),
  },
  {
    pattern:
      /Could not find any running Ray instance|Failed to connect to (?:the )?(?:Ray|GCS)|ray\.init[^\n]{0,60}(?:failed|timed out)|Could not connect to (?:the )?Ray/i,
    explain: () =>
      lacks(
        "no Ray cluster answers",
        "start one (ray start --head) and check RAY_ADDRESS; ray status must show every machine",
      ),
  },
  {
    pattern:
      /required GPUs exceeds the total number of available (?:GPUs|\w+) in the (?:placement group|cluster)|Cannot provide a placement group|Ray does not allocate any \w+ on the driver node|Current node has no (?:GPU|\w+) available|not enough GPUs? (?:in|available)/i,
    explain: () =>
      lacks(
        "the Ray cluster has not enough free GPUs",
        "check ray status; lower --tensor-parallel-size in --engine-args, or end what holds the GPUs in the cluster",
      ),
  },
  {
    pattern: /Version mismatch: The cluster was started with/,
    explain: () =>
      lacks(
        "the Ray cluster has another version of Ray or Python than the engine",
        "install the same on every machine",
      ),
  },
  {
    pattern: /Timed out after \d+ seconds waiting for clients\. (\d+)\/(\d+) clients joined/,
    explain: ([, joined, wanted]) =>
      lacks(
        `of ${wanted} processes of the engine only ${joined} came together`,
        "start it on every machine with the same addresses, and set VLLM_HOST_IP and GLOO_SOCKET_IFNAME to a network that joins them",
      ),
  },
  {
    pattern: /client socket has timed out after \d+ ?ms while trying to connect to \(?([^\s),]+(?:, \d+)?)/,
    explain: ([, address]) =>
      lacks(
        `the engine's processes do not reach each other at ${address}`,
        "set VLLM_HOST_IP to an address of this machine that they reach, and look whether a firewall is between them",
      ),
  },
  {
    pattern: /Every node should have a unique IP address/,
    explain: () =>
      lacks("several machines of the Ray cluster have the same address", "set VLLM_HOST_IP on each to its own"),
  },
  {
    pattern:
      /unsupported gloo device|Unable to find address for:? \S+|Gloo connectFullMesh failed|Unable to find interface for|no socket interface found/,
    explain: ([words]) =>
      lacks(
        `the engine's processes do not find each other over the network (“${brief(words)}”)`,
        "set GLOO_SOCKET_IFNAME and NCCL_SOCKET_IFNAME to an interface that exists (ip addr) and reaches the others, and VLLM_HOST_IP to its address",
      ),
  },
];

/** NCCL says of most failures only that there was one. */
export const NCCL_SIGNS: Sign[] = [
  {
    pattern: /Duplicate GPU detected[^\n]*/,
    explain: ([words]) =>
      crash(
        `two processes of the engine were given the same GPU (“${brief(words)}”)`,
        "check CUDA_VISIBLE_DEVICES, and lower --tensor-parallel-size to the GPUs that there are",
      ),
  },
  {
    // Vague: the others also wait in vain for a process that failed for a reason of its own.
    pattern:
      /collective operation timeout: WorkNCCL\((?:[^\n)]{0,300}?OpType=(\w{1,40}))?[^\n]{0,300}?ran for (\d{1,20}) milliseconds/,
    vague: true,
    explain: ([, operation, time]) =>
      crash(
        `the GPUs waited for each other in vain: ${operation ?? "an operation"} of NCCL did not end in ${Math.round(Number(time) / 1000)} s`,
        "set NCCL_DEBUG=INFO to see which link hangs; NCCL_P2P_DISABLE=1 goes around the one between GPUs, NCCL_IB_DISABLE=1 around InfiniBand",
      ),
  },
  {
    pattern:
      /NCCL error[^\n]*|ncclUnhandled\w+|ncclSystemError|ncclInternalError|ncclInvalid(?:Usage|Argument)|DistBackendError: NCCL[^\n]*|[HR]CCL (?:function )?error[^\n]*|run with NCCL_DEBUG=\w+[^\n]*/,
    vague: true,
    explain: ([words]) =>
      crash(
        `NCCL, which connects the GPUs, failed (“${brief(words)}”)`,
        `set NCCL_DEBUG=INFO to see why; in a container ${SHARED_MEMORY}`,
      ),
  },
];
