#!/bin/sh
# Records the digest of each tag of images.env on this machine in deploy/digests.env. Later it reports each tag that was moved to another
# image, keeps the recorded digest and exits with 1.
#   docker compose -f deploy/compose.yaml pull --ignore-buildable && sh deploy/compose/record-digests.sh
# Start exactly the recorded images:
#   docker compose --env-file deploy/.env --env-file deploy/digests.env -f deploy/compose.yaml up -d --wait
set -eu
here="$(dirname "$0")"
kept="$here/../digests.env"
touch "$kept"
changed=0

while IFS='=' read -r name image; do
  case "$name" in '' | '#'* | ALPR_*) continue ;; esac
  # "name@sha256:…" of the repository that it was pulled from; empty for an image that was not pulled.
  pulled="$(docker image inspect --format '{{join .RepoDigests "\n"}}' "$image" 2>/dev/null | head -n 1)"
  [ -n "$pulled" ] || continue
  found="$name=$image@${pulled#*@}"
  before="$(grep "^$name=$image@" "$kept" || true)"
  if [ -z "$before" ]; then
    # Nothing is recorded for this tag: drop the digest of an earlier one.
    grep -v "^$name=" "$kept" > "$kept.part" || true
    echo "$found" >> "$kept.part"
    mv "$kept.part" "$kept"
  elif [ "$before" != "$found" ]; then
    echo "$image is not what it was: expected ${before#*@}, got ${pulled#*@}" >&2
    changed=1
  fi
done < "$here/images.env"
exit "$changed"
