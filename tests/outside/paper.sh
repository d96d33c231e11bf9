#!/usr/bin/env bash
# A certificate on paper, end to end, with programs that nobody here wrote: a demonstration network makes it, poppler
# renders the page, zbar decodes the QR code from the image, and the text is verified offline. A changed text is refused.
#
#   tests/outside/paper.sh [FOLDER WITH tongda AND tongda-node]      needs pdftoppm (poppler-utils), zbarimg (zbar-tools)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

programs=${1:-${CARGO_TARGET_DIR:-target}/debug}
for program in pdftoppm zbarimg; do
    if ! command -v "$program" >/dev/null; then
        echo "SKIPPED: $program is not installed: apt-get install poppler-utils zbar-tools" >&2
        exit 0
    fi
done
folder=$(mktemp -d)
node=
trap '[[ -z $node ]] || kill "$node" 2>/dev/null || true; rm -rf "$folder"' EXIT

port=${PORT:-27800}
"$programs/tongda-node" devnet --port "$port" --dir "$folder/devnet" >"$folder/devnet.log" 2>&1 &
node=$!
echo "== a network of four"
for _ in $(seq 600); do
    grep -q 'Ctrl-C' "$folder/devnet.log" && break
    kill -0 "$node" 2>/dev/null || { tail -5 "$folder/devnet.log"; exit 1; }
    sleep 0.2
done
patent=$(grep -oE 'patent show [0-9.X]+' "$folder/devnet.log" | tail -1 | cut -d' ' -f3)

export TONGDA_GENESIS="$folder/devnet/genesis.toml" TONGDA_DATA="$folder/data" LANG=en_GB.UTF-8
tongda() { "$programs/tongda" "$@"; }

echo "== the certificate of $patent"
tongda --node "http://127.0.0.1:$((port + 2))" certificate "$patent" --pdf "$folder/page.pdf" | tail -3
kill -INT "$node" && wait "$node" || true
node=

echo "== the same page from the file"
tongda verify "$folder/page.pdf" | tail -1
echo "== rendered and decoded by others"
pdftoppm -r 150 -png "$folder/page.pdf" "$folder/page"
zbarimg -q --raw -Sdisable -Sqrcode.enable "$folder"/page-*.png >"$folder/texts" 2>/dev/null
wc -lc <"$folder/texts"
export TONGDA_DATA="$folder/nothing-known"
tongda verify - <"$folder/texts" | grep -E '✓|✗|holds|verify'

echo "== one character changed"
sed '1s/\(.\{200\}\)./\17/;1s/\(.\{201\}\)./\18/' "$folder/texts" >"$folder/changed"
if cmp -s "$folder/texts" "$folder/changed"; then echo "nothing was changed" >&2; exit 1; fi
status=0
tongda verify - <"$folder/changed" || status=$?
[[ $status == 5 || $status == 6 ]] || { echo "a changed text ended with $status" >&2; exit 1; }
echo "== too old for one second"
sleep 2
status=0
tongda verify - --max-age 1s <"$folder/texts" | tail -1 || status=$?
[[ $status == 7 ]] || { echo "an old certificate ended with $status" >&2; exit 1; }
echo "paper.sh: passed"
