#!/usr/bin/env bash
# Follows "From an empty folder" of docs/PORTING.md to the letter: guide.sh FOLDER. Blocks with a file's name are
# written to it, blocks marked `sh guide` are run, all in the order they stand in.
set -euo pipefail
WIFI_PROVISION=$(cd "$(dirname "$0")/../.." && pwd)
export WIFI_PROVISION
folder=${1:?"say in which empty folder to follow the guide"}
mkdir -p "$folder"
if [ -n "$(ls -A "$folder")" ]; then
    echo "$folder is not empty; name an empty folder" >&2
    exit 1
fi
cd "$folder"

script=$(mktemp)
trap 'rm -f "$script"' EXIT

# Makes of the guide one script: a file block becomes a here-document, a run block stays as it is.
awk '
    /^## / { inside = ($0 == "## From an empty folder") }
    !inside { next }
    /^```$/ && open == "file" { print "END_OF_THE_GUIDES_FILE"; open = ""; next }
    /^```$/ { open = ""; next }
    /^```sh guide$/ { open = "run"; next }
    /^```[a-z]+ [A-Za-z.]+$/ { open = "file"; print "cat > " $2 " <<\"END_OF_THE_GUIDES_FILE\""; next }
    open { print }
' "$WIFI_PROVISION/docs/PORTING.md" > "$script"
if ! grep -q '^cmake --build' "$script"; then
    echo "docs/PORTING.md has no guide that builds anything; look at its marks" >&2
    exit 1
fi
bash -euxo pipefail "$script"
