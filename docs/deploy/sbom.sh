#!/usr/bin/env bash
# Writes what the program is made of, as CycloneDX: docs/deploy/sbom.sh [FILE], else statuspage.cdx.json.
set -euo pipefail
file=$(realpath "${1:-statuspage.cdx.json}")
cd "$(dirname "$0")/../.."

dotnet tool restore >/dev/null
dotnet restore StatusPage.Web --locked-mode --verbosity quiet
dotnet tool run dotnet-CycloneDX StatusPage.Web/StatusPage.Web.csproj --disable-package-restore --output-format Json --output "$(dirname "$file")" --filename "$(basename "$file")" >/dev/null
echo "$file"
