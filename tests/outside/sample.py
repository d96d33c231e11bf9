"""Make a small log by the book, to try the verifier on: four validators, then five, some forty records.

Every byte is written here from the pages, with keys of known seeds. State roots are invented, for nobody who does not
execute the records can tell. `python3 sample.py FOLDER` writes the log as `tongda-node tiles export` lays it out.
"""

import base64
import json
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongda_verify import keys, merkle, note, seal, tiles, validators
from tongda_verify.hashes import domain_hash, in_domain, sha256

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors"
HOUR = 3_600_000
START = 1_767_225_600_000  # 2026-01-01T00:00:00Z


def number(value, width):
    return value.to_bytes(width, "little")


def text(value):
    return number(len(value.encode()), 2) + value.encode()


class Key:
    """A key pair of a seed of 32 equal bytes."""

    def __init__(self, seed):
        self.secret = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self.secret.public_key().public_bytes_raw()
        self.wire = keys.wire(self.public)
        self.text = f"ed25519:{self.public.hex()}"
        self.address = keys.address((keys.ED25519, self.public))

    def sign(self, message):
        return self.secret.sign(message)


class Node:
    """The n-th node of the sample, with its three keys."""

    def __init__(self, place):
        self.name = f"node-{place}"
        self.vote, self.cosign, self.network = (Key(place * 3 + use) for use in (100, 101, 102))

    @property
    def wire(self):
        address = text("/ip4/192.0.2.1/tcp/26600")
        parts = number(1, 8) + number(110_000, 4) + number(1, 8)
        parts += self.vote.wire + self.cosign.wire + self.network.wire
        return text(self.name) + parts + address + address + text("https://node.example")

    @property
    def toml(self):
        return f"""[[node]]
name = "{self.name}"
exchange = "beijing"
region = "110000"
power = 1
vote-key = "{self.vote.text}"
cosign-key = "{self.cosign.text}"
network-key = "{self.network.text}"
consensus-address = "/ip4/192.0.2.1/tcp/26600"
gossip-address = "/ip4/192.0.2.1/tcp/26600"
api-address = "https://node.example"
"""


def node_set(nodes):
    """The validator set of some nodes of power 1."""
    listed = sorted(((keys.ED25519, node.vote.public), 1) for node in nodes)
    return validators.ValidatorSet(sorted(listed, key=lambda validator: keys.address(validator[0])))


def genesis(nodes):
    """(network id, text) of a genesis file: the one of the vectors, with these nodes."""
    vectors = json.loads((VECTORS / "genesis.json").read_text(encoding="utf-8"))
    canonical, lines = bytes.fromhex(vectors["canonical"]), vectors["file"]
    old = vectors["founding"]["nodes"]["nodes"][0]
    begin = canonical.index(b"\1\0" + text(old["name"]) + number(1, 8))
    end = canonical.index(text(old["api_address"])) + len(text(old["api_address"]))
    listed = number(len(nodes), 2) + b"".join(node.wire for node in nodes)
    canonical = canonical[:begin] + listed + canonical[end:]
    network = domain_hash("genesis", canonical)
    head = lines[: lines.index("[[node]]")]
    middle = lines[lines.index("[parameters]") : lines.index("[founding]")]
    exchange = Key(1)
    signature = exchange.sign(in_domain("founding", network)).hex()
    founding = f'[founding]\nnetwork-id = "{network.hex()}"\ncanonical = "{base64.b64encode(canonical).decode()}"\n'
    founding += f'[[signature]]\nmember = "beijing"\nkey = "{exchange.text}"\nsignature = "ed25519:{signature}"\n'
    sections = ["\n".join(head), *(node.toml for node in nodes), "\n".join(middle), founding]
    return network, "\n".join(sections)


def envelope(network, act, time, nonce, signers):
    """A signed envelope of the exchange around an act's bytes."""
    core = network + number(1, 8) + number(time - HOUR, 8) + number(time + HOUR, 8)
    core += sha256(b"nonce" + number(nonce, 4))[:16] + b"\0" + number(0, 2) + act
    message = in_domain("envelope", network, core)
    signed = [(member, keys.wire(key.public), key.sign(message)) for member, key in signers]
    signatures = b"".join(
        number(member, 8) + key + bytes([1]) + number(64, 2) + signature for member, key, signature in sorted(signed)
    )
    return b"\1" + number(len(core), 2) + core + number(len(signed), 2) + signatures


def consent(pending):
    """The act `consent.give`."""
    return bytes([8, 1, 1]) + number(8, 2) + number(pending << 8, 8)


def add_node(node):
    """The act `validator.change` that adds a node."""
    body = number(1, 8) + b"\1" + node.wire + text("another one")
    return bytes([17, 3, 1]) + number(len(body), 2) + body


class Log:
    """The log as it grows. `leaves` and `commits` are what is exported."""

    def __init__(self, count=4):
        self.nodes = [Node(place) for place in range(count)]
        self.network, self.genesis = genesis(self.nodes)
        self.leaves = [b"\0" + self.network]
        self.commits, self.parent, self.height = [], self.network, 0
        self.log_key = Key(99)
        self.deciding = self.nodes

    def time(self, height):
        return START + 1_000 * height

    def block(self, acts, then=None, **changes):
        """Append a block of acts; `then` are the nodes from the next one on, `changes` what the seal says instead."""
        height = self.height + 1
        time, first = self.time(height), len(self.leaves)
        signers = [(1, Key(1))]
        for place, act in enumerate(acts):
            self.leaves.append(b"\1" + envelope(self.network, act, time, first + place, signers))
        deciding, following = node_set(self.nodes), node_set(then or self.nodes)
        fields = {
            "version": b"\1", "network": self.network, "suite": b"\1", "height": number(height, 8),
            "round": number(0, 4), "time": number(time, 8), "proposer": deciding.proposer(height, 0),
            "parent": self.parent, "first": number(first, 8), "records": number(len(acts), 4),
            "due": number(0, 2), "log_root": merkle.root_of(map(merkle.leaf_hash, self.leaves)),
            "state_root": sha256(b"state" + number(height, 8)), "validators": deciding.hash,
            "next_validators": following.hash, "rule_set": number(1, 2), "checkpoint": number(time, 8),
            "extension": bytes(32),
        }  # fmt: skip
        entry = b"".join((fields | changes).values())
        block = seal.leaf_hash(seal.SEAL, entry)
        self.leaves.append(b"\2" + entry)
        self.commits.append(self.certificate(height, block, self.nodes))
        self.parent, self.height = block, height
        self.deciding, self.nodes = self.nodes, then or self.nodes

    def certificate(self, height, block, nodes, round_=0):
        votes = []
        for node in sorted(nodes, key=lambda node: node.vote.address):
            address = node.vote.address
            message = validators.vote_bytes(self.network, validators.PRECOMMIT, height, round_, block, address)
            votes.append(address + b"\1" + number(64, 2) + node.vote.sign(message))
        return number(height, 8) + number(round_, 4) + block + number(len(votes), 2) + b"".join(votes)

    def text(self):
        """The text of the newest checkpoint."""
        root = merkle.root_of(map(merkle.leaf_hash, self.leaves))
        return f"{note.origin(self.network)}\n{len(self.leaves)}\n{base64.b64encode(root).decode()}\n"

    def checkpoint(self, cosigners=None):
        """The newest checkpoint, signed by the log's key and cosigned by nodes."""
        signed = self.text()
        key = note.NoteKey(note.origin(self.network), note.LOG_KEY, self.log_key.public)
        lines = [line(key, self.log_key.sign(signed.encode()))]
        for place, node in enumerate(self.deciding if cosigners is None else cosigners):
            time = START // 1_000 + place
            signature = node.cosign.sign(f"cosignature/v1\ntime {time}\n{signed}".encode())
            lines.append(line(self.cosigner(node), time.to_bytes(8, "big") + signature))
        return (signed + "\n" + "".join(lines)).encode()

    def cosigner(self, node):
        algorithm = keys.ED25519
        return note.cosigner(self.network, (algorithm, node.vote.public), (algorithm, node.cosign.public))

    def receipt(self, index, last=None):
        """A receipt of the leaf at `index`, which it carries beside it; with `last` also the seal at that index."""
        leaf_hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]
        hashes, extra = inclusion(leaf_hashes, index), self.leaves[index]
        if last is not None:
            form = {"tongda": "receipt/v1", "leaf": base64.b64encode(extra).decode()}
            form["seal"] = base64.b64encode(self.leaves[last][1:]).decode()
            form["seal_proof"] = [hash_.hex() for hash_ in inclusion(leaf_hashes, last)]
            extra = json.dumps(form).encode()
        lines = [f"extra {base64.b64encode(extra).decode()}", f"index {index}"]
        lines += [base64.b64encode(hash_).decode() for hash_ in hashes]
        return ("c2sp.org/tlog-proof@v1\n" + "\n".join(lines) + "\n\n").encode() + self.checkpoint()

    def files(self):
        """{path: bytes} of an export."""
        tree = tiles.TileTree()
        for leaf in self.leaves:
            tree.append(merkle.leaf_hash(leaf))
        files = {"checkpoint": self.checkpoint(), "genesis": self.genesis.encode()}
        for level, hashes in enumerate(tree.levels):
            files |= bundles(f"tile/{level}", hashes, 0)
        return files | bundles("tile/entries", self.leaves, 2) | bundles("commits", self.commits, 4)


def bundles(kind, items, length_bytes):
    """The tiles or bundles of items: each with its length, big-endian, before it."""
    found = {}
    for number_, width in tiles.parts(len(items)):
        part = items[256 * number_ : 256 * number_ + width]
        prefixed = [len(item).to_bytes(length_bytes, "big") + item if length_bytes else item for item in part]
        found[tiles.path(kind, number_, width)] = b"".join(prefixed)
    return found


def inclusion(hashes, index):
    """The inclusion proof of RFC 6962 §2.1.1."""
    if len(hashes) == 1:
        return []
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    if index < cut:
        return inclusion(hashes[:cut], index) + [merkle.root_of(hashes[cut:])]
    return inclusion(hashes[cut:], index - cut) + [merkle.root_of(hashes[:cut])]


def consistency(old, hashes):
    """The consistency proof of RFC 6962 §2.1.2 from the tree of the first `old` leaves."""

    def subproof(old, hashes, whole):
        if old == len(hashes):
            return [] if whole else [merkle.root_of(hashes)]
        cut = 1 << (len(hashes) - 1).bit_length() - 1
        if old <= cut:
            return subproof(old, hashes[:cut], whole) + [merkle.root_of(hashes[cut:])]
        return subproof(old - cut, hashes[cut:], False) + [merkle.root_of(hashes[:cut])]

    return subproof(old, hashes, True) if 0 < old < len(hashes) else []


def line(key, signature):
    return f"— {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def standard(blocks=12, records=3):
    """Four validators, then a fifth."""
    log = Log()
    for height in range(1, blocks + 1):
        acts = [consent(1_000 * height + place) for place in range(records)]
        if height == blocks // 2:
            fifth = Node(4)
            log.block([*acts, add_node(fifth)], then=[*log.nodes, fifth])
        else:
            log.block(acts)
    return log


def write(files, folder):
    """Write an export's files."""
    for path, data in files.items():
        target = pathlib.Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def main(folder, blocks="150"):
    """Write a log, and beside it the log's key and a checkpoint of its first half."""
    folder = pathlib.Path(folder)
    made = standard(blocks=int(blocks))
    write(made.files(), folder / "log")
    key = note.NoteKey(note.origin(made.network), note.LOG_KEY, made.log_key.public)
    # The change of nodes comes in the middle of a log: this one ends before it.
    older = Log()
    for height in range(1, int(blocks) // 2):
        older.block([consent(1_000 * height + place) for place in range(3)])
    write({"log.vkey": f"{key}\n".encode(), "old-checkpoint": older.checkpoint()}, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
