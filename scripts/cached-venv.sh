# Sourced: a virtual environment in a cache, made once and again only when its recipe changes.
# The caller sets `name`, `venv` (the folder), `variable` (that chooses another folder) and `recipe` (what is in it).

say() { printf '%s: %s\n' "$name" "$*"; }
fail() { say "$*"; exit 1; }

start_afresh() {
  if [ -n "$(ls -A "$venv" 2>/dev/null)" ] && [ ! -e "$venv/.pitwall-stamp" ]; then
    fail "$venv holds something this script did not make; remove it or set $variable to another folder"
  fi
  rm -rf "$venv"
  mkdir -p "$venv"
  echo unfinished > "$venv/.pitwall-stamp"
}

make_venv() {
  say "making $venv"
  "${PYTHON:-python3}" -m venv "$venv" || fail "cannot make a virtual environment (on Debian: apt-get install python3-venv)"
  "$venv/bin/pip" install --quiet uv
}

site_packages() { "$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

# Calls the function named $1 in a fresh environment, unless one of the same recipe is there.
unless_there() {
  mkdir -p "$(dirname "$venv")"
  exec 9> "$venv.lock"
  flock 9 # two checkouts may ask for the same environment at once
  [ "$(cat "$venv/.pitwall-stamp" 2>/dev/null)" = "$recipe" ] && return
  start_afresh
  make_venv
  "$1"
  echo "$recipe" > "$venv/.pitwall-stamp"
}
