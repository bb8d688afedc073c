#!/usr/bin/env bash
# How fast a post on one node shows on another. Needs PostgreSQL and Redis (apt-get install postgresql redis-server). Argument: posts (200).
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Spread --configuration Release --verbosity quiet --nologo
dotnet bench/Spread/bin/Release/net10.0/Spread.dll "$@"
