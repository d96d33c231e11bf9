#!/usr/bin/env bash
# Let verifiers that others wrote judge a log of Tongda: each must accept it, and refuse a copy with one byte changed.
#
#   run.sh                        four nodes on this machine tell their story; the log of one is exported and judged
#   run.sh sample                 a log that sample.py makes by the book: no node is needed
#   run.sh log FOLDER KEY [OLD]   a log that `tongda-node tiles export` wrote, the file with its log key's vkey, and,
#                                 if there is one, an older checkpoint of it
#   run.sh test                   the tests of our own verifier, tongda_verify
#   run.sh install                only install what Python needs; exit status 3 if that cannot be
#
# Needs Python 3.11 or later with venv; Go is used where it is at hand. Pinned packages with their hashes go into a
# folder of their own. TONGDA_NODE_PROGRAM names the program, else it is built; TONGDA_OUTSIDE a folder to keep the packages in.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
tools="${TONGDA_OUTSIDE:-${CARGO_TARGET_DIR:-$root/target}/outside}"
TESSERA=v1.0.4
X_MOD=v0.33.0

# The newest Python that can be had: the packages say that they need 3.12, and work with 3.11.
find_python() {
    local name
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "no Python of 3.11 or later with the module venv" >&2
    return 1
}

install_python() {
    local python
    # The packages are installed anew when their list has changed.
    if cmp -s "$here/requirements.txt" "$tools/requirements.txt"; then
        return 0
    fi
    rm -rf "$tools"
    mkdir -p "$tools"
    python="$(find_python)" || return 3
    "$python" -m venv "$tools/python" || return 3
    "$tools/python/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --ignore-requires-python --require-hashes --requirement "$here/requirements.txt" || return 3
    cp "$here/requirements.txt" "$tools/requirements.txt"
}

# Our check with golang.org/x/mod: Debian's package golang-golang-x-mod-dev, else the module.
build_x_mod() { # build_x_mod WORK
    command -v go >/dev/null || return 0
    if [[ -d /usr/share/gocode/src/golang.org/x/mod ]]; then
        GO111MODULE=off GOPATH=/usr/share/gocode go build -o "$1/xmod" "$here/go/main.go" && return 0
    fi
    mkdir -p "$1/x-mod"
    cp "$here/go/main.go" "$1/x-mod/"
    (
        cd "$1/x-mod"
        go mod init outside && go get "golang.org/x/mod@$X_MOD" && go build -o "$1/xmod" .
    ) >"$1/x-mod/log" 2>&1 || echo "x/mod could not be built: $(tail -1 "$1/x-mod/log")"
}

# Tessera's fsck needs Go 1.25, and its modules from the proxy. TONGDA_FSCK names one that was built elsewhere.
build_fsck() { # build_fsck WORK
    if [[ -n "${TONGDA_FSCK:-}" ]]; then
        cp "$TONGDA_FSCK" "$1/fsck"
    elif command -v go >/dev/null && go version | grep -qE 'go1\.(2[5-9]|[3-9][0-9])'; then
        GOBIN="$1" timeout 180 go install "github.com/transparency-dev/tessera/cmd/fsck@$TESSERA" >"$1/fsck-log" 2>&1 ||
            echo "Tessera's fsck could not be built: $(tail -1 "$1/fsck-log")"
    fi
}

judge() { # judge WORK FOLDER KEY [OLD]
    local work=$1
    shift
    build_x_mod "$work"
    build_fsck "$work"
    mkdir "$work/judged"
    for program in xmod fsck; do
        [[ ! -e "$work/$program" ]] || mv "$work/$program" "$work/judged/"
    done
    cd "$here"
    "$tools/python/bin/python" others.py "$1" "$2" "$work/judged" "${@:3}"
}

get() { # get URL FILE [ACCEPT]
    "$tools/python/bin/python" -c '
import sys, urllib.request
request = urllib.request.Request(sys.argv[1], headers={"Accept": sys.argv[3]} if len(sys.argv) > 3 else {})
data = urllib.request.urlopen(request, timeout=30).read()
open(sys.argv[2], "wb").write(data)' "$@"
}

verify() { # verify COMMAND FILE …: with our own verifier, under the genesis file of the network
    (cd "$here" && "$tools/python/bin/python" -m tongda_verify "$1" "$2" --genesis "$work/genesis" "${@:3}") | cut -c1-160
    [[ ${PIPESTATUS[0]} -eq 0 ]]
}

# Four nodes: one of their first checkpoints is kept; when they have told their story, certificates and receipts are
# asked for and verified; when they have stopped, one exports its log.
network() { # network WORK
    local node=${TONGDA_NODE_PROGRAM:-} port=${TONGDA_OUTSIDE_PORT:-27600} url patent
    if [[ -z "$node" ]]; then
        (cd "$root" && cargo build --locked --release --bin tongda-node)
        node="${CARGO_TARGET_DIR:-$root/target}/release/tongda-node"
    fi
    url="http://127.0.0.1:$((port + 2))"
    timeout 10m "$node" devnet --dir "$work/net" --port "$port" >"$work/devnet" 2>&1 &
    pid=$!
    until grep -q 'Ctrl-C' "$work/devnet"; do
        if ! kill -0 "$pid" 2>/dev/null; then
            tail -20 "$work/devnet"
            echo "the network did not come to its end"
            return 1
        fi
        [[ -s "$work/old" ]] || get "$url/log/checkpoint" "$work/old" 2>/dev/null || true
        sleep 0.2
    done
    get "$url/log/genesis" "$work/genesis"
    get "$url/v1/epochs" "$work/epochs"
    patent="$(grep -oE 'patent show [0-9.X]+' "$work/devnet" | tail -1 | cut -d' ' -f3)"
    printf '\n== certificates and a receipt, as a node gives them\n'
    get "$url/v1/certificates/patents/$patent" "$work/certificate.json"
    get "$url/v1/certificates/patents/$patent?history=true" "$work/certificate" application/octet-stream
    get "$url/v1/certificates/patents/202110483351.2" "$work/absence" application/octet-stream
    get "$url/v1/records/300/receipt?wait=20" "$work/receipt"
    for file in certificate.json certificate absence; do
        verify certificate "$work/$file" --epochs "$work/epochs" --max-age 600
    done
    kill -INT "$pid"
    wait "$pid" || true
    pid=""
    "$node" tiles export "$work/log" --node "$(dirname "$(find "$work/net" -name segments -type d | sort | head -1)")"
    # The receipt is of the 300th record, which a node does not put beside it.
    (cd "$here" && "$tools/python/bin/python" -c '
import itertools, sys
from tongda_verify import exported, tiles
leaves = exported.items_of(exported.Source(sys.argv[1]), "tile/entries", 512, tiles.split_entries)
open(sys.argv[2], "wb").write(next(itertools.islice(leaves, 300, None))[1:])' "$work/log" "$work/record")
    verify receipt "$work/receipt" --record "$work/record" --epochs "$work/epochs"
    log_key "$work/log/policy" >"$work/log.vkey"
    judge "$work" "$work/log" "$work/log.vkey" "$work/old"
}

# The log's key stands in the policy beside the log. Whoever does not trust that has it from the node's operator.
log_key() { # log_key POLICY
    awk '$1 == "log" { print $2 }' "$1"
}

main() {
    local command=${1:-network}
    install_python || {
        echo "the packages of requirements.txt could not be installed"
        return 3
    }
    work="$(mktemp -d)"
    pid=""
    trap '[[ -z "$pid" ]] || { kill -INT "$pid"; wait "$pid"; } 2>/dev/null; rm -rf "$work"' EXIT
    case "$command" in
    install) "$tools/python/bin/python" -m pip --disable-pip-version-check list ;;
    test)
        cd "$here"
        "$tools/python/bin/python" -m unittest
        ;;
    sample)
        (cd "$here" && "$tools/python/bin/python" sample.py "$work")
        judge "$work" "$work/log" "$work/log.vkey" "$work/old-checkpoint"
        ;;
    network) network "$work" ;;
    log) judge "$work" "$(realpath "$2")" "$(realpath "$3")" ${4:+"$(realpath "$4")"} ;;
    *)
        sed -n '2,/^set/p' "${BASH_SOURCE[0]}" | grep '^#'
        return 2
        ;;
    esac
}

main "$@"
