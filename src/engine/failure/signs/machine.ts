import { brief, lacks, type Sign } from "../sign.ts";

/** Sizes that fit most models with NCCL over several GPUs. */
export const SHARED_MEMORY = "start the container with --shm-size=16g or --ipc=host";

const sharedMemoryFull = () => lacks("the shared memory in /dev/shm is too small", SHARED_MEMORY);

/** Python's segments and semaphores lie there, and their errors often name no path. */
const inSharedMemory = (file: string | undefined) =>
  file !== undefined && /(?:shared_memory|multiprocessing\/synchronize|shm_broadcast)\.py$/.test(file);

/** Words of Linux as Python, PyTorch, NCCL, uvicorn and ZeroMQ hand them on. */
export const MACHINE_SIGNS: Sign[] = [
  {
    // Before the full disk: the same ENOSPC, of another file system.
    pattern:
      /Error while creating shared memory segment|\/dev\/shm[^\n]{0,300}(?:No space left|too small|full)|No space left[^\n]{0,300}\/dev\/shm|unable to (?:allocate|resize|write to|open|mmap)[^\n]{0,40} shared memory|insufficient shared memory|\bBus error\b|SIGBUS|exit ?code:? -7\b|signal 7\b|'(?:EngineCore|Worker)\w{0,40}': -7\b|posix_fallocate failed[^\n]{0,300}No space left|shared_memory\.py[^\n]{0,300}No space left|ncclShm\w{1,40}[^\n]{0,300}failed|shm_open[^\n]{0,300}No space left|No space left on device: '\/(?:psm_|torch_|sem\.|mp-|loky-|nccl-)/i,
    explain: sharedMemoryFull,
  },
  {
    pattern:
      /No space left on device|\[Errno 28\]|Not enough free disk space|Disk quota exceeded|\[Errno 122\]|No usable temporary directory/,
    explain: (_, { file }) =>
      inSharedMemory(file)
        ? sharedMemoryFull()
        : lacks(
            "the disk is full",
            "free space, or point HF_HOME (weights) and VLLM_CACHE_ROOT (compiled code) to a larger disk",
          ),
  },
  {
    pattern:
      /server socket has failed to listen[^\n]{0,300}?port: (\d{1,20})|tcp:\/\/[^\s'")]{0,200}?:(\d{1,20})[^\n]{0,300}(?:already in use|EADDRINUSE)|already in use[^\n]{0,300}?tcp:\/\/[^\s'")]{0,200}?:(\d{1,20})/i,
    explain: ([, listen, before, after]) =>
      lacks(
        `another program listens on the port ${listen ?? before ?? after}, over which the engine's processes meet`,
        "end it (ss -ltnp shows it), or set MASTER_PORT or VLLM_PORT to a free one",
      ),
  },
  {
    pattern:
      /\[Errno 98\]|address already in use|EADDRINUSE|port is already allocated|bind\(\)[^\n]{0,300}in use|couldn't bind HTTP server socket/i,
    explain: () =>
      lacks("another program listens on the engine's port", "stop it (ss -ltnp shows it) or choose another --port"),
  },
  {
    pattern: /Cannot assign requested address[^\n]{0,300}?tcp:\/\/([^\s'")]*)/,
    explain: ([, address]) =>
      lacks(
        `this machine has no address ${address!.replace(/:\d+$/, "")}, at which the engine's processes are to meet`,
        "set --data-parallel-address in --engine-args, or VLLM_HOST_IP, to one that it has (ip addr)",
      ),
  },
  {
    pattern: /\[Errno 99\]|Cannot assign requested address|EADDRNOTAVAIL/i,
    explain: () =>
      lacks("the address to listen on is none of this machine", "choose another --host, as 127.0.0.1 or 0.0.0.0"),
  },
  {
    pattern: /attempting to bind on address[^\n]{0,300}permission denied/i,
    explain: () => lacks("this user may not listen on the engine's port", "choose a --port of 1024 or above"),
  },
  {
    pattern: /\[Errno 24\]|Too many open files|EMFILE/,
    explain: () =>
      lacks(
        "the limit of open files was reached",
        "raise it (ulimit -n 65536, or docker run --ulimit nofile=65536:65536)",
      ),
  },
  {
    pattern: /can't start new thread|pthread_create failed|Resource temporarily unavailable/,
    explain: () =>
      lacks("the limit of processes and threads was reached", "raise it (ulimit -u, or docker run --pids-limit -1)"),
  },
  {
    pattern: /RLIMIT_MEMLOCK|ibv_reg_mr[^\n]{0,300}Cannot allocate memory|max locked memory/i,
    explain: () =>
      lacks(
        "the limit of locked memory was reached",
        "raise it (ulimit -l unlimited, or docker run --ulimit memlock=-1)",
      ),
  },
  {
    pattern: /getpwuid\(\): uid not found: (\d+)/,
    explain: ([, uid]) =>
      lacks(
        `the user ${uid} has no name in the container`,
        "set USER and TORCHINDUCTOR_CACHE_DIR, or mount an /etc/passwd that knows it",
      ),
  },
  {
    pattern:
      /(?:\[Errno 13\]|PermissionError)[^\n]{0,300}?['"]?(\/[^\s'"]+)|\[Errno 30\][^\n]{0,300}?['"](\/[^\s'"]+)|os error 13[^\n]*/,
    explain: ([, denied, readOnly]) =>
      lacks(
        `the engine may not write ${brief(denied ?? readOnly ?? "a folder")}`,
        "let its user write there, or point HOME, HF_HOME, VLLM_CACHE_ROOT and TRITON_CACHE_DIR to folders where it may",
      ),
  },
  {
    pattern:
      /[Ii]llegal instruction|SIGILL|exit ?code:? -4\b|does not support AVX|AVX(?:2|512)? (?:is|are) (?:not supported|required)/,
    explain: () =>
      lacks(
        "this processor lacks instructions that the engine was built with",
        "take a build for it, or a newer processor",
      ),
  },
];
