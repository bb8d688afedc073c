#!/usr/bin/env bash
# How fast an update reaches its subscribers by email, beside Postfix's own load generator, and what writing the ledger costs.
# Needs PostgreSQL and Postfix's smtp-sink and smtp-source (apt-get install --no-install-recommends postgresql postfix).
#
#   bench/fanout.sh [ROUNDS]      ROUNDS (3) of 20,000 recipients; then 1,000,000 subscribers on PostgreSQL and 200,000 on SQLite
#
# From the environment: RECIPIENTS (20000; 0 leaves that part out), MANY (1000000; 0 leaves that part out), MANY_SQLITE (200000), SESSIONS (8),
# BACK (1; 0 leaves the kill out).
# Sender and receiver share the cores, so read the ratios; the contenders take turns.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PATH:/usr/sbin DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build bench/Fanout --configuration Release --verbosity quiet --nologo
dotnet bench/Fanout/bin/Release/net10.0/Fanout.dll "$@"
