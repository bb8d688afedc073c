#!/usr/bin/env bash
# How the desk copes with a store that has gathered five years, 50,000 subscribers and 5,000,000 deliveries:
# each page's time, and how the store answers each query.
# Needs PostgreSQL (apt-get install postgresql), 3 GB of disk and ten minutes for each store.
#
#   bench/years.sh sqlite|postgres [SUBSCRIBERS] [DELIVERIES]
#   bench/years.sh sqlite|postgres rest                          what a node asks when nothing happens; three minutes
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Years --configuration Release --verbosity quiet --nologo
dotnet bench/Years/bin/Release/net10.0/Years.dll "$@"
