#!/bin/sh
# What the container needs beside its features: kind, and the checker with what `--live` and
# `watch` use. It may run again: what is there already stays.
set -eu
cd "$(dirname "$0")/.."

# The release that the node image in kind-config.yaml belongs to.
kind_version=v0.33.0
if ! kind version 2>/dev/null | grep -q "$kind_version"; then
  case "$(uname -m)" in
    aarch64 | arm64) architecture=arm64 ;;
    *) architecture=amd64 ;;
  esac
  folder=$(mktemp -d)
  curl --fail --silent --show-error --location --output "$folder/kind" \
    "https://kind.sigs.k8s.io/dl/$kind_version/kind-linux-$architecture"
  sudo install -m 755 "$folder/kind" /usr/local/bin/kind
  rm -r "$folder"
fi

python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --editable '.[live,watch]'
.venv/bin/python -m checker cluster doctor || true
.venv/bin/python -m checker
