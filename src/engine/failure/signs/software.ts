import { brief, lacks, type Sign } from "../sign.ts";

const SAME_SET =
  "install the engine anew in an environment of its own, so that its packages fit each other (pip check says which do not)";

/** Words of Python's imports, the dynamic linker and package checks. */
export const PACKAGE_SIGNS: Sign[] = [
  {
    pattern: /version `(GLIBC(?:XX)?_[\d.]+|CXXABI_[\d.]+)' not found/,
    explain: ([, version]) =>
      lacks(
        `the system's C library is older than the engine was built for (${version})`,
        version!.startsWith("GLIBC_")
          ? "run the engine in its container image, or on a newer system"
          : "install a newer libstdc++ (conda install -c conda-forge libstdcxx-ng), or run the engine in its container image",
      ),
  },
  {
    pattern:
      /lib(cudart|cublas\w{0,40}|cudnn\w{0,40}|nvrtc|nccl|cusparse\w{0,40}|cufft|curand|nvJitLink|cupti)\.so[.\d]{0,20}: cannot open shared object file/,
    explain: ([words]) =>
      lacks(
        `a library of CUDA is missing (${words!.split(":")[0]}): the engine was built for another CUDA than the one installed`,
        "install the engine's build for your CUDA, in an environment of its own",
      ),
  },
  {
    pattern:
      /lib(amdhip64|rocblas|hipblas\w{0,40}|rccl|hsa-runtime64|miopen|MIOpen)\.so[.\d]{0,20}: cannot open shared object file/,
    explain: ([words]) =>
      lacks(
        `a library of ROCm is missing (${words!.split(":")[0]})`,
        "install the engine's build for your ROCm, or run it in its container image",
      ),
  },
  {
    pattern: /([\w.+-]{1,200}\.so[.\d]{0,20}): cannot open shared object file/,
    explain: ([, library]) =>
      lacks(
        `the library ${library} is missing`,
        "install the system package that holds it, or run the engine in its container image",
      ),
  },
  {
    pattern:
      /undefined symbol: \S+|operator torchvision::\w+ does not exist|The detected CUDA version \([\d.]+\) mismatches/,
    explain: ([words]) =>
      lacks(`the engine and PyTorch were built for different versions (“${brief(words)}”)`, SAME_SET),
  },
  {
    pattern: /'_OpNamespace' '\w+' object has no attribute '\w+'|No module named 'vllm\._\w+'/,
    hinted: true,
    explain: ([words]) =>
      lacks(
        `the engine's compiled part is missing (“${words}”)`,
        "install the engine's build for this machine; its log may say before why it could not be loaded",
      ),
  },
  {
    pattern:
      /numpy\.(?:dtype|ufunc) size changed|compiled using NumPy 1\.x cannot be run|numpy\.core\.multiarray failed to import|Numba needs NumPy [\d.]+ or (?:less|greater)|_ARRAY_API not found/,
    explain: () =>
      lacks(
        "NumPy does not fit the packages that were built against it",
        "install the NumPy that the engine asks for (pip check says which)",
      ),
  },
  {
    pattern: /AttributeError: '?(\w{0,100}?Tokenizer\w{0,100})'? (?:object )?has no attribute/,
    explain: ([, tokenizer]) =>
      lacks(
        `the installed transformers is of a version that does not fit the engine or the model (${tokenizer})`,
        SAME_SET,
      ),
  },
  {
    pattern: /executable file not found in \$PATH/,
    explain: () =>
      lacks("the program is not in the image", "take an image that holds the engine, or name the program's path"),
  },
  {
    pattern: /Torch not compiled with CUDA enabled/,
    explain: () =>
      lacks(
        "the installed PyTorch was built without CUDA",
        "install PyTorch's CUDA build, as the engine's installation does",
      ),
  },
  {
    pattern: /(\S{1,200}) is required for a normal functioning of this module, but found (\S{1,200})/,
    explain: ([, wanted, found]) =>
      lacks(
        `the engine needs ${wanted}, and ${found!.replace(/\.$/, "")} is installed`,
        `install it beside the engine (pip install "${wanted}")`,
      ),
  },
  {
    pattern:
      /(\S{1,200}) is installed with version (\S{1,200}?), which is less than the minimum required version (\S{1,200}?)\.?(?:\s|$)/,
    explain: ([, name, found, wanted]) =>
      lacks(
        `the engine needs ${name} ${wanted} or newer, and ${found} is installed`,
        `install it beside the engine (pip install "${name}>=${wanted}")`,
      ),
  },
  {
    pattern:
      /flashinfer-(?:cubin|jit-cache) version \(([^)\n]{1,200})\) does not match flashinfer version \(([^)\n]{1,200})\)/,
    explain: ([, part, main]) =>
      lacks(
        `FlashInfer is installed in two versions, ${part} and ${main}`,
        "install flashinfer-python, flashinfer-cubin and flashinfer-jit-cache in one version",
      ),
  },
  {
    pattern:
      /FlashAttention2 has been toggled on, but|No module named 'flash_attn'|flash[_-]attn[^\n]{0,30}not (?:be )?(?:installed|found)/,
    explain: () =>
      lacks(
        "the package flash-attn is missing",
        "install it beside the engine (pip install flash-attn), or choose another --attention-backend",
      ),
  },
  {
    pattern: /cannot import name '([^']+)' from (?:partially initialized module )?'([^']+)'/,
    explain: ([, name, module]) =>
      lacks(`the installed ${module!.split(".")[0]} has no ${name}: its version does not fit`, SAME_SET),
  },
  {
    pattern:
      /(?:Error|Exception)[^\n]{0,300}?(?:pip install|uv pip install) (?:-U |--upgrade )?["'`]?([\w.\-[\]]+(?:[<>=~!]=?[\w.]+)?)/,
    explain: ([, name]) =>
      lacks(`the package ${name} is missing beside the engine`, `install it there (pip install "${name}")`),
  },
  {
    pattern:
      /No module named '([^']+)'|No package metadata was found for (\S+)|The '([^']+)' distribution was not found/,
    explain: ([, module, package_, distribution]) =>
      lacks(
        `Python does not find ${module ?? package_ ?? distribution}`,
        "install the package that holds it beside the engine, with the Python that runs the engine",
      ),
  },
];
