#!/usr/bin/env bash
# Unpacks Prometheus, promtool and the Pushgateway of this Debian release into a cached folder. Prints the folder of the
# programs, and nothing else, on stdout.
set -euo pipefail
exec 3>&1 1>&2

name=prometheus
packages=(prometheus prometheus-pushgateway)
say() { printf '%s: %s\n' "$name" "$*"; }
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")
folder=${PITWALL_PROMETHEUS:-$HOME/.cache/pitwall/prometheus-$release}

fetch() { (cd "$1" && apt-get download --quiet --quiet "${packages[@]}"); }

mkdir -p "$(dirname "$folder")"
exec 9> "$folder.lock"
flock 9 # two checkouts may ask for it at once
if [ ! -e "$folder/.pitwall-stamp" ]; then
  say "unpacking ${packages[*]} into $folder"
  unpacked=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$unpacked"' EXIT
  # A fresh container has no lists yet; only root may renew them.
  fetch "$unpacked" || { [ "$(id -u)" = 0 ] && apt-get update --quiet --quiet && fetch "$unpacked"; } \
    || { say "cannot get them: run apt-get update as root, on Debian or Ubuntu"; exit 1; }
  for package in "$unpacked"/*.deb; do dpkg-deb --extract "$package" "$unpacked"; done
  rm "$unpacked"/*.deb
  for program in prometheus promtool prometheus-pushgateway; do "$unpacked/usr/bin/$program" --version > /dev/null; done
  touch "$unpacked/.pitwall-stamp"
  chmod 755 "$unpacked"
  rm -rf "$folder"
  mv "$unpacked" "$folder"
fi
echo "$folder/usr/bin" >&3
