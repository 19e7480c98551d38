#!/bin/sh
# Writes down what each tag of images.env is on this machine, in deploy/digests.env; a tag that has come to mean another image since
# then is told and refused.
#   docker compose -f deploy/compose.yaml pull && sh deploy/compose/record-digests.sh
# Start the recorded images and no others, by their digests:
#   docker compose --env-file deploy/.env --env-file deploy/digests.env -f deploy/compose.yaml up -d --wait
set -eu
here="$(dirname "$0")"
kept="$here/../digests.env"
touch "$kept"
changed=0

while IFS='=' read -r name image; do
  case "$name" in '' | '#'* | ALPR_*) continue ;; esac
  # "name@sha256:…" of the repository that it was pulled from; nothing for an image that was not.
  pulled="$(docker image inspect --format '{{join .RepoDigests "\n"}}' "$image" 2>/dev/null | head -n 1)"
  [ -n "$pulled" ] || continue
  found="$name=$image@${pulled#*@}"
  before="$(grep "^$name=$image@" "$kept" || true)"
  if [ -z "$before" ]; then
    # Of another tag of this image only the digest of the old one is known.
    grep -v "^$name=" "$kept" > "$kept.part" || true
    echo "$found" >> "$kept.part"
    mv "$kept.part" "$kept"
  elif [ "$before" != "$found" ]; then
    echo "$image is not what it was: expected ${before#*@}, got ${pulled#*@}" >&2
    changed=1
  fi
done < "$here/images.env"
exit "$changed"
