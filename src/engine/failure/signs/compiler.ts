import { brief, type Diagnosis, lacks, type Sign } from "../sign.ts";

/** Words of Triton, torch.compile, FlashInfer's JIT and NVIDIA's compilers. */
export const COMPILER_SIGNS: Sign[] = [
  {
    pattern:
      /Failed to find C compiler|No working C\+\+ compiler|InvalidCxxCompiler|\b(?:gcc|g\+\+|cc): (?:command )?not found|No such file or directory: '(?:gcc|g\+\+|cc|c\+\+|clang)'/,
    explain: () =>
      lacks("the engine compiles kernels, and there is no C compiler", "install gcc and g++, or set CC to a compiler"),
  },
  {
    pattern: /Python\.h: No such file/,
    explain: () =>
      lacks(
        "the engine compiles kernels, and Python's headers are missing",
        "install them (apt install python3-dev, of the engine's Python)",
      ),
  },
  {
    pattern: /cannot find -lcuda\b/,
    explain: () =>
      lacks(
        "the linker does not find libcuda.so",
        "install the NVIDIA driver's libraries, or put their folder into LIBRARY_PATH and LD_LIBRARY_PATH",
      ),
  },
  {
    pattern: /Unsupported gpu architecture '(\w+)'|(?:Value '|PTX \.version [\d.]+ does not support \.target )(sm_\w+)/,
    explain: ([, nvcc, ptxas]) =>
      lacks(
        `the CUDA compiler is too old for this GPU (${nvcc ?? ptxas})`,
        ptxas === undefined
          ? "install a newer CUDA toolkit and set CUDA_HOME to it"
          : "set TRITON_PTXAS_PATH to the ptxas of a newer CUDA toolkit",
      ),
  },
  {
    pattern: /nvcc fatal\s*: Unknown option/,
    explain: () =>
      lacks(
        "the CUDA compiler is too old for the kernels that the engine builds",
        "install a newer CUDA toolkit and set CUDA_HOME to it",
      ),
  },
  {
    pattern:
      /Could not find nvcc|nvcc'?:? (?:command )?not found|No such file or directory: '[^']*nvcc'|CUDA_HOME (?:environment variable )?is not set|(?:set|find)[^\n]{0,30}CUDA_HOME|Could not find CUDA installation|nvcc\b[^\n]{0,40}No such file/i,
    explain: () =>
      lacks(
        "the engine compiles kernels, and the CUDA compiler (nvcc) is missing",
        "install the CUDA toolkit of the engine's CUDA, and set CUDA_HOME to its folder",
      ),
  },
  {
    pattern: /No such file or directory: 'ninja'|ninja: (?:command )?not found|Ninja is required/i,
    explain: () =>
      lacks("the engine compiles kernels, and ninja is missing", "install it beside the engine (pip install ninja)"),
  },
  {
    pattern: /Killed signal terminated program/,
    explain: () => ({
      reason: "out_of_memory",
      cause: "a compiler was killed while the engine compiled kernels, as the kernel does when main memory runs out",
      fix: "set MAX_JOBS to fewer compilers at once, or take a machine or a container limit with more memory",
    }),
  },
  {
    pattern: /fatal error: ([\w./+-]+): No such file or directory/,
    explain: ([, header]) =>
      lacks(
        `the engine compiles kernels, and the header ${header} is missing`,
        "install the CUDA toolkit whole, with the development files of its libraries, or run the engine in its container image",
      ),
  },
  {
    pattern: /^\S{1,300}\.(?:cuh?|cpp|cc|hpp?|h)(?:\(\d+\)|(?::\d+){1,2}): (?:fatal )?error:? [^\n]+/m,
    explain: ([words]) => failedToCompile(words.replace(/^\S+: (?:fatal )?error:? /, "")),
  },
  {
    pattern: /Ninja build failed|Error building extension '?([\w-]+)/,
    vague: true,
    explain: ([, extension]) => failedToCompile(extension),
  },
];

function failedToCompile(what: string | undefined): Diagnosis {
  const why = what === undefined ? "" : ` (“${brief(what)}”)`;
  return lacks(
    `the engine compiles kernels, and the compiler failed${why}`,
    "run the engine in its container image, or install the CUDA toolkit that it was built with and set CUDA_HOME to it",
  );
}
