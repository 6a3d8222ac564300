#!/bin/bash
# In a container: brings the mounted source to a commit, applies patches, installs it and what its tests need.
# Exit codes: 0 ready, 1 a step failed, 2 a wrong argument, 3 a patch could not be applied.
set -o errexit -o nounset -o pipefail
shopt -s nullglob

usage="usage: setup_vllm_env.sh --commit SHA [--test-patch FILE] [--source-patch FILE] [--skip-build] [--editable] [--prepared]"
repository="${VLLM_REPO:-/workspace/vllm}"
commit="" test_patch="" source_patch="" skip_build=false editable=false prepared=false

say() { echo "[setup] $*"; }
end() {
  echo "[setup] $2" >&2
  exit "$1"
}

while (($# > 0)); do
  case "$1" in
    --commit | --test-patch | --source-patch)
      (($# >= 2)) || end 2 "$1 needs a value; ${usage}"
      case "$1" in
        --commit) commit="$2" ;;
        --test-patch) test_patch="$2" ;;
        --source-patch) source_patch="$2" ;;
      esac
      shift
      ;;
    --skip-build) skip_build=true ;;
    --editable) editable=true ;;
    --prepared) prepared=true ;;
    --help | -h) echo "${usage}" && exit 0 ;;
    *) end 2 "unknown argument $1; ${usage}" ;;
  esac
  shift
done

# Everything that can be wrong with the arguments is said before anything is changed.
[[ -n "${commit}" ]] || end 2 "--commit is required; ${usage}"
[[ "${commit}" =~ ^[0-9A-Za-z] ]] || end 2 "--commit ${commit} is no commit"
for patch in "${test_patch}" "${source_patch}"; do
  [[ -z "${patch}" || -s "${patch}" ]] || end 1 "the patch ${patch} is missing or empty"
done
# They may lie in the source themselves, untracked, and be named from another folder.
patches="$(mktemp -d)"
trap 'rm -rf "${patches}"' EXIT
if [[ -n "${test_patch}" ]]; then cp "${test_patch}" "${patches}/test"; fi
if [[ -n "${source_patch}" ]]; then cp "${source_patch}" "${patches}/source"; fi
cd "${repository}" || end 1 "there is no folder ${repository}: mount the source there"
git rev-parse --git-dir > /dev/null || end 1 "${repository} is no git repository that this user may read"

# With --prepared the source stands at the commit and is patched: whoever mounted it did that, and it is left as it is.
if ! "${prepared}"; then
  is_there() { git rev-parse --quiet --verify "${commit}^{commit}" > /dev/null; }
  if ! is_there; then
    say "fetching, for ${commit} is not there"
    if ! git fetch --all --tags || ! is_there; then
      end 1 "${commit} is not in ${repository} and could not be fetched; use a clone with full history"
    fi
  fi
  # The mounted source may be somebody's checkout: what is not committed is put aside, and only what a build made is removed.
  export message="before ${commit}"
  # shellcheck disable=SC2016
  put_aside='if [ -n "$(git status --porcelain --ignore-submodules=dirty)" ]; then
    git -c user.name=pitwall -c user.email=pitwall@localhost stash push --include-untracked --message "${message}"
    echo "[setup] what was not committed in $(pwd) is kept: git stash list"
  fi'
  if [[ -f .gitmodules ]]; then git submodule --quiet foreach --recursive "${put_aside}"; fi
  sh -e -c "${put_aside}"
  say "checking out ${commit}"
  git checkout --quiet --force --detach "${commit}" || end 1 "${commit} could not be checked out"
  # A pattern given to git would take every ignored folder along, in which something might fit.
  built=(*.egg-info)
  git clean --quiet -fdX -- build .deps vllm "${built[@]}"
  if [[ -f .gitmodules ]]; then git submodule update --init --recursive --force; fi

  for patch in "${patches}"/test "${patches}"/source; do
    [[ -f "${patch}" ]] || continue
    name="$(basename "${patch}")"
    say "applying the ${name} patch"
    git apply --whitespace=nowarn "${patch}" || git apply --whitespace=nowarn --3way "${patch}" \
      || end 3 "PATCH_FAILED: the ${name} patch does not apply to ${commit}"
  done
elif [[ -n "${test_patch}${source_patch}" ]]; then
  end 2 "--prepared takes no patches: the source has them"
fi

where=(.)
if "${editable}"; then where=(--editable .); fi
if [[ ! -f setup.py && ! -f pyproject.toml ]]; then
  say "nothing to install: there is neither setup.py nor pyproject.toml"
elif "${skip_build}"; then
  say "installing without kernels"
  VLLM_TARGET_DEVICE=empty pip install --no-build-isolation "${where[@]}" || end 1 "pip could not install ${commit}"
else
  jobs="${MAX_JOBS:-$(jobs-by-memory.sh)}"
  say "building with ${jobs} jobs"
  if ! MAX_JOBS="${jobs}" pip install "${where[@]}"; then
    fewer="$(((jobs + 3) / 4))"
    say "once more with ${fewer} jobs, for compilers may have run out of memory"
    MAX_JOBS="${fewer}" pip install "${where[@]}" || end 1 "pip could not build ${commit}"
  fi
fi

for list in requirements-test.txt requirements/test.txt requirements-dev.txt requirements/dev.txt tests/requirements.txt; do
  [[ -f "${list}" ]] || continue
  say "installing ${list}"
  pip install --requirement "${list}" || end 1 "pip could not install ${list}"
done
say "ready"
