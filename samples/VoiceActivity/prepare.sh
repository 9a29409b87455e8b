#!/usr/bin/env bash
# Fetches Silero VAD v5 (2.3 MB) out of the npm package @ricky0123/vad-web 0.0.31 (ISC; the weights are Silero's, MIT) to where the sample looks for it. Needs npm.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=artifacts/models/silero_vad_v5.onnx
sum=2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f
if [ -f "$target" ] && echo "$sum  $target" | sha256sum -c --quiet; then exit 0; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && npm pack --silent @ricky0123/vad-web@0.0.31 >/dev/null && tar xzf ./*.tgz package/dist/silero_vad_v5.onnx)
echo "$sum  $folder/package/dist/silero_vad_v5.onnx" | sha256sum -c --quiet
mkdir -p "$(dirname "$target")"
mv "$folder/package/dist/silero_vad_v5.onnx" "$target"
