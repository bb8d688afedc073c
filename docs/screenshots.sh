#!/bin/sh
# Takes pictures of the page and of the comms desk, with sample data, at 1280 and 375 px, light and dark.
#   docs/screenshots.sh            all of them, into a new folder under /tmp, and the six of the documentation into docs/pictures
#   docs/screenshots.sh FOLDER     all of them, into FOLDER, and nothing else
# Needs the .NET SDK, Debian's chromium and curl.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
app=
shots=${1:-$work/pictures}
finish() {
  if [ -n "$app" ]; then kill "$app" 2>/dev/null || true; wait "$app" 2>/dev/null || true; fi
  rm -rf "$work/data" "$work/bin"
  if [ "$shots" != "$work/pictures" ]; then rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 1' INT TERM

mkdir -p "$shots"
password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')

dotnet build StatusPage.Web --nologo -v quiet -o "$work/bin" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
# Port 0: the system picks a free one; the app says on its first line which.
dotnet "$work/bin/StatusPage.Web.dll" --contentRoot "$work/bin" --urls http://127.0.0.1:0 --DataDirectory "$work/data" --Demo true \
  --Admin:Email writer@example.com --Admin:Password "$password" >"$work/app.log" 2>&1 &
app=$!
address=
for _ in $(seq 100); do
  address=$(sed -n 's|^Status page: \(http://[^ ]*[0-9]\)/$|\1|p' "$work/app.log")
  if [ -n "$address" ] && curl -fsS -o "$work/ready" "$address/healthz/ready" 2>/dev/null; then break; fi
  kill -0 "$app" || { cat "$work/app.log"; exit 1; }
  sleep 0.2
done

dotnet run docs/screenshots.cs -- "$address" writer@example.com "$password" "$shots"

if [ $# -eq 0 ]; then
  cp "$shots/home-1280-light.png" docs/pictures/home.png
  cp "$shots/home-1280-dark.png" docs/pictures/home-dark.png
  cp "$shots/home-375-light-first.png" docs/pictures/home-phone.png
  cp "$shots/incident-1280-light.png" docs/pictures/incident.png
  cp "$shots/desk-1280-light.png" docs/pictures/desk.png
  cp "$shots/desk-new-1280-light-first.png" docs/pictures/desk-new.png
fi
echo "Pictures are in $shots"
