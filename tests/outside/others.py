"""Run verifiers that others wrote on an exported log: each must accept it, and refuse a copy with one byte changed.

    python3 others.py FOLDER LOG_KEY_FILE WORK [OLD_CHECKPOINT] [--require NAME,…]

`run.sh` installs the programs and makes the log. Exit status 0: all that could run did as they must.
"""

import base64
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import sample
from tongda_verify import exported, keys, merkle, note, seal, tiles
from tongda_verify.refusal import Refused

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = pathlib.Path(sys.executable).parent
AUDIT = """
import base64, sys
from aics_tlog.writer import DirectoryTileStore
from aics_tlog.verified import audit_tiles
store, size, root = DirectoryTileStore(sys.argv[1]), int(sys.argv[2]), base64.b64decode(sys.argv[3])
report = audit_tiles(store, size, root)
print(report.tiles, "tiles and", report.bundles, "bundles")
"""


class Failed(Exception):
    """A program did not do what it must."""


class Log:
    """The log that is checked, the copies of it with one byte changed, and what the programs want to know of it."""

    def __init__(self, folder, key_file, work, old):
        self.folder, self.work = pathlib.Path(folder), pathlib.Path(work)
        self.key = note.NoteKey.parse(pathlib.Path(key_file).read_text().strip())
        self.checked, self.checkpoint = exported.check(folder, log_key=self.key)
        self.origin, self.size = self.checkpoint.origin, self.checkpoint.size
        self.leaves = list(exported.items_of(exported.Source(folder), "tile/entries", self.size, tiles.split_entries))
        self.hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]
        middle = range(self.size // 2, self.size)
        self.index = next((index for index in middle if self.leaves[index][0] == seal.RECORD), self.size // 2)
        self.old = pathlib.Path(old).read_bytes() if old else None
        self.materials()

    def write(self, name, data):
        path = self.work / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def materials(self):
        voting = [node for node in self.checked.deciding if node["power"] > 0]
        known = [
            note.cosigner(self.checked.network, keys.of_text(node["vote_key"]), keys.of_text(node["cosign_key"]))
            for node in voting
        ]
        powers, total, quorum = sorted(node["power"] for node in voting), sum(node["power"] for node in voting), 0
        while 3 * sum(powers[:quorum]) <= 2 * total:
            quorum += 1
        self.quorum = quorum
        policy = {"quorum": quorum, "witnesses": [str(key) for key in known]}
        self.policy = self.write("policy.json", json.dumps(policy))
        self.key_file = self.write("log.vkey", f"{self.key}\n")
        signed = (self.folder / "checkpoint").read_bytes()
        proof = [base64.b64encode(hash_).decode() for hash_ in sample.inclusion(self.hashes, self.index)]
        head = "\n".join(["c2sp.org/tlog-proof@v1", f"index {self.index}", *proof]) + "\n\n"
        self.receipt = self.write("receipt.tlog-proof", head.encode() + signed)
        if self.old is not None:
            self.old_file = self.write("old-checkpoint", self.old)
        self.good = str(self.folder.resolve())
        tile, place = divmod(self.index, 256)
        width = dict(tiles.parts(self.size))[tile]
        bundle = (self.folder / tiles.path("tile/entries", tile, width)).read_bytes()
        at = sum(2 + len(leaf) for leaf in self.leaves[256 * tile : self.index]) + 2 + len(self.leaves[self.index]) // 2
        assert bundle[at] == self.leaves[self.index][len(self.leaves[self.index]) // 2]
        self.bad_entry = self.copy("changed-entry", tiles.path("tile/entries", tile, width), at)
        # The hash beside the leaf's own: it is on the way from the leaf to the root, and the leaf itself is not.
        beside = place ^ 1 if place ^ 1 < width else place - 1
        self.bad_tile = self.copy("changed-tile", tiles.path("tile/0", tile, width), 32 * beside + 7)
        # Within the root's line: a signed text that nobody signed.
        root = signed.index(b"\n", signed.index(b"\n") + 1) + 5
        self.bad_checkpoint = self.copy("changed-checkpoint", "checkpoint", root, letter=True)
        receipt = pathlib.Path(self.receipt).read_bytes()
        changed = swap_letter(receipt, receipt.index(b"\n", receipt.index(b"index ")) + 3)
        self.bad_receipt = self.write("changed.tlog-proof", changed)

    def copy(self, name, path, place, letter=False):
        """A copy of the log with the byte at `place` of a file changed."""
        target = self.work / name
        shutil.copytree(self.folder, target)
        data = (target / path).read_bytes()
        changed = swap_letter(data, place) if letter else data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        (target / path).write_bytes(changed)
        return str(target.resolve())


def swap_letter(data, place):
    """One character of base64 made another."""
    return data[:place] + (b"B" if data[place : place + 1] != b"B" else b"C") + data[place + 1 :]


def in_short(said):
    """The last line that a program wrote; of JSON the verdict; of a leaf's bytes only that there are some."""
    lines = [line for line in said.splitlines() if line.strip()] or [""]
    with contextlib.suppress(ValueError):
        answer = json.loads(lines[-1])
        return f"ok {answer.get('ok')}, {answer.get('error', '')}, {answer.get('cosignatures', 0)} cosignatures"[:200]
    telling = [line for line in lines if "fail" in line.lower() or "refused" in line or "Invalid:" in line]
    line = (telling or lines)[-1]
    return line[:200] if line.isprintable() else f"{len(said)} characters"


class Runner:
    """Runs programs, and keeps the lines of the table at the end."""

    def __init__(self):
        self.rows = []

    def run(self, command, must_say=None):
        """Whether the program accepted, and the last line it wrote."""
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120)
        said = done.stdout + done.stderr
        return done.returncode == 0 and (must_say is None or must_say in said), in_short(said)

    def check(self, tool, what, good, bad, must_say=None):
        """`good` is a command that must accept; `bad` are the same on changed copies, which must refuse."""
        print("\n$ " + " ".join(good).replace("\n", "⏎")[:300])
        accepted, line = self.run(good, must_say)
        print(f"  {line}")
        if not accepted:
            raise Failed(f"{tool} does not accept the log: {line}")
        for name, command in bad.items():
            accepted, line = self.run(command, must_say)
            print(f"  {name}: {line}")
            if accepted:
                raise Failed(f"{tool} accepts the copy with {name}")
        self.rows.append((tool, what, ", ".join(bad)))

    def absent(self, tool, why):
        self.rows.append((tool, f"not run: {why}", ""))


def aics_tlog(log, runner):
    program = str(PROGRAMS / "aics-tlog")

    def checkpoint(folder):
        keys_ = ["--vkey-file", log.key_file, "--policy-file", log.policy, "--origin", log.origin]
        return [program, "verify-checkpoint", "--tiles", folder, *keys_]

    runner.check(
        "aics-tlog",
        f"verify-checkpoint, quorum {log.quorum}",
        checkpoint(log.good),
        {"changed checkpoint": checkpoint(log.bad_checkpoint)},
    )

    def inclusion(folder):
        return [program, "verify-inclusion", "--tiles", folder, "--vkey-file", log.key_file, "--index", str(log.index)]

    changed = {"changed entry": inclusion(log.bad_entry), "changed tile": inclusion(log.bad_tile)}
    runner.check("aics-tlog", f"verify-inclusion of leaf {log.index}", inclusion(log.good), changed)
    root = base64.b64encode(log.checkpoint.root).decode()

    def audit(folder):
        return [sys.executable, "-c", AUDIT, folder, str(log.size), root]

    changed = {"changed entry": audit(log.bad_entry), "changed tile": audit(log.bad_tile)}
    runner.check("aics-tlog", "audit_tiles, the whole tree", audit(log.good), changed)
    if log.old is None:
        runner.absent("aics-tlog", "verify-consistency needs an older checkpoint")
        return

    def consistency(folder, old=log.old_file):
        return [program, "verify-consistency", "--tiles", folder, "--vkey-file", log.key_file, "--old-checkpoint", old]

    old_root = log.old.index(b"\n", log.old.index(b"\n") + 1) + 5
    bad_old = log.write("changed-old-checkpoint", swap_letter(log.old, old_root))
    changed = {
        "changed checkpoint": consistency(log.bad_checkpoint),
        "changed old checkpoint": consistency(log.good, bad_old),
    }
    runner.check("aics-tlog", "verify-consistency with an older checkpoint", consistency(log.good), changed)


def tlog_scales(log, runner):
    def leaf(folder):
        return [str(PROGRAMS / "tlog-tiles"), "get-leaf", "-c", folder, str(log.index)]

    changed = {"changed entry": leaf(log.bad_entry), "changed tile": leaf(log.bad_tile)}
    runner.check("tlog-scales", f"get-leaf {log.index}, in the checkpoint's tree", leaf(log.good), changed)


def own(log, runner):
    def check(folder):
        return [sys.executable, "-m", "tongda_verify", "log", folder]

    changed = {"changed entry": log.bad_entry, "changed tile": log.bad_tile, "changed checkpoint": log.bad_checkpoint}
    runner.check("tongda_verify", "the whole log", check(log.good), {name: check(bad) for name, bad in changed.items()})


@contextlib.contextmanager
def witness(log):
    """A running aics-witness that knows the log: its address and its key."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program, config = str(PROGRAMS / "aics-witness"), str(log.work / "witness.json")
    made = subprocess.run(
        [program, "init", "--config", config, "--name", "witness.example/w1", "--listen", f"127.0.0.1:{port}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    vkey = next(
        word for line in made.stdout.splitlines() for word in line.split() if word.startswith("witness.example/w1+")
    )
    subprocess.run([program, "add-log", "--config", config, "--origin", log.origin, "--vkey", str(log.key)], check=True)
    server = subprocess.Popen(
        [program, "serve", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield address, note.NoteKey.parse(vkey)
    finally:
        server.terminate()
        server.wait(10)


def post(address, body):
    """The status and the body of an answer to a submission."""
    request = urllib.request.Request(f"{address}/add-checkpoint", data=body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def submission(old_size, proof, checkpoint):
    lines = [f"old {old_size}", *(base64.b64encode(hash_).decode() for hash_ in proof)]
    return ("\n".join(lines) + "\n\n").encode() + checkpoint


def aics_witness(log, runner):
    new = (log.folder / "checkpoint").read_bytes()
    old = log.old or new
    seen = note.Checkpoint(old).size
    proof = sample.consistency(seen, log.hashes)
    with witness(log) as (address, key):
        expect(post(address, submission(0, [], (pathlib.Path(log.bad_checkpoint) / "checkpoint").read_bytes())), 403)
        cosignature = expect(post(address, submission(0, [], old)), 200)
        signed = note.Note(old + cosignature)
        if not signed.signers([key]):
            raise Failed("the witness's cosignature is not under its own key")
        if log.old is not None:
            wrong = [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]
            expect(post(address, submission(seen, wrong, new)), 422)
            expect(post(address, submission(seen, proof, new)), 200)
        stale = expect(post(address, submission(0, [], new)), 409)
        if stale.strip() != str(log.size).encode():
            raise Failed(f"the witness says {stale!r} instead of the size that it cosigned")
    what = "cosigns the checkpoint" + (", then its continuation by the consistency proof" if log.old else "")
    runner.rows.append(
        (
            "aics-witness",
            f"{what}; 409 for a stale one",
            "changed checkpoint (403)" + (", changed proof (422)" if log.old else ""),
        )
    )


def expect(answer, status):
    print(f"  add-checkpoint: {answer[0]} {answer[1][:80]!r}")
    if answer[0] != status:
        raise Failed(f"the witness answers {answer[0]} instead of {status}: {answer[1][:200]!r}")
    return answer[1]


def go_mod(log, runner):
    program = log.work / "xmod"
    if not program.exists():
        runner.absent("golang.org/x/mod", "no Go toolchain with x/mod is at hand")
        return

    def check(folder, receipt=log.receipt):
        return [str(program), folder, log.key_file, receipt]

    changed = {"changed entry": check(log.bad_entry), "changed checkpoint": check(log.bad_checkpoint)}
    changed["changed receipt"] = check(log.good, log.bad_receipt)
    runner.check(
        "golang.org/x/mod", f"note.Open, tlog.TreeHash, tlog.CheckRecord of leaf {log.index}", check(log.good), changed
    )


def tessera(log, runner):
    program = log.work / "fsck"
    if not program.exists():
        runner.absent("Tessera fsck", "no Go ≥ 1.25, or its modules cannot be reached")
        return

    def check(folder):
        return [str(program), f"--storage_url=file://{folder}/", f"--public_key={log.key_file}", "--ui=false", "--N=4"]

    changed = {"changed entry": check(log.bad_entry), "changed tile": check(log.bad_tile)}
    changed["changed checkpoint"] = check(log.bad_checkpoint)
    # Its exit status is 0 also when the check fails, and with one worker it waits for ever: only its words tell.
    runner.check("Tessera fsck", "the whole tree", check(log.good), changed, must_say="Successfully fsck'd")


def main(folder, key_file, work, old=None):
    log, runner = Log(folder, key_file, work, old), Runner()
    try:
        for tool in (own, aics_tlog, aics_witness, tlog_scales, go_mod, tessera):
            print(f"\n== {tool.__name__}")
            tool(log, runner)
    except (Failed, Refused) as failed:
        print(f"\nFAILED: {failed}")
        return 1
    print(f"\n{log.size} leaves, {log.checked.counts['cosignatures']} cosignatures")
    for name, what, refused in runner.rows:
        print(f"  {name:18} {what}" + (f"; refuses: {refused}" if refused else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
