#!/usr/bin/env bash
# Prints each image of the Dockerfile and of compose.yaml with its digest of today, to be written there after a look at what is new. Needs Docker.
set -euo pipefail
cd "$(dirname "$0")/../.."

sed -nE 's/^(FROM (--platform=[^ ]+ )?| *image: )([a-z0-9.\/-]+:[a-z0-9.-]+).*/\3/p' Dockerfile compose.yaml | sort -u | while read -r image; do
  echo "$image@$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')"
done
