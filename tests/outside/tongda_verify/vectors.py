"""Compare this package with the golden vectors under tests/vectors, and with what is made of them by damage.

Every positive example must be accepted with the values written beside it, every negative one refused. Then each
accepted one is damaged: each byte changed in two ways, the end cut off at every place, a byte put behind it. What is
left must be refused, or be the encoding of something else, which no hash or signature covers any more.
"""

import json
import pathlib

from . import (
    envelope,
    genesis,
    grammar,
    keys,
    merkle,
    seal,
    segment,
    state_map,
    tiles,
    validators,
    vectors_damage,
    vectors_texts,
)
from .codec import whole
from .hashes import sha256
from .refusal import Refused

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "vectors"


class Failure(Exception):
    """The package and a vector differ."""


class Tally:
    """Counts what was compared, and stops at the first difference."""

    def __init__(self):
        self.accepted = self.refused = self.damaged = 0

    failure = Failure

    def same(self, what, found, expected):
        if found != expected:
            raise Failure(f"{what}: {str(found)[:300]} instead of {str(expected)[:300]}")
        self.accepted += 1

    def accepts(self, what, check, *arguments):
        try:
            value = check(*arguments)
        except Refused as refused:
            raise Failure(f"{what} was refused: {refused}") from None
        self.accepted += 1
        return value

    def refuses(self, what, check, *arguments):
        if not is_refused(check, *arguments):
            raise Failure(f"{what} was accepted")
        self.refused += 1

    def judge(self, valid, what, check, *arguments):
        (self.accepts if valid else self.refuses)(what, check, *arguments)

    def withstands(self, what, data, check, places=2_000):
        """`check` refuses every damaged form of `data`; of longer data at so many places."""
        for how, damaged in damages(data, places):
            if not is_refused(check, damaged):
                raise Failure(f"{what}, {how}, was accepted")
            self.damaged += 1


def is_refused(check, *arguments):
    try:
        check(*arguments)
    except Refused:
        return True
    return False


def damages(data, places):
    """(how, bytes): each byte changed in two ways, each truncation, a byte behind; of long data evenly chosen places."""
    step = max(1, len(data) // places)
    for place in range(0, len(data), step):
        for bits in (0x01, 0x80):
            yield f"byte {place} changed", data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]
        yield f"cut to {place} bytes", data[:place]
    yield "with a byte behind it", data + b"\0"


def hexadecimal(values):
    return [bytes.fromhex(value) for value in values]


def check_key(vectors, tally):
    for entry in vectors["keys"]:
        key = keys.of_text(entry["public_key"])
        wire = bytes.fromhex(entry["wire"])
        tally.same("a key", whole(wire, keys.public_key), key)
        tally.same("its text", keys.text(key), entry["public_key"])
        tally.same("its address", keys.address(key).hex(), entry["address"])
        tally.accepts("an enrolled key", keys.check_enrolled, key)
        message = bytes.fromhex(entry["message"])

        def check(data, key=key, message=message):
            keys.verify(key, whole(data, keys.signature), message)

        signature = bytes.fromhex(entry["signature_wire"])
        tally.accepts("a signature", check, signature)
        tally.withstands("a signature", signature, check)
    for entry in vectors["verification"]:
        key, signature = keys.of_text(entry["public_key"]), keys.of_text(entry["signature"])
        tally.judge(entry["valid"], entry["what"], keys.verify, key, signature, bytes.fromhex(entry["message"]))
    for entry in vectors["refused"]:
        tally.refuses(entry["public_key"], keys.check_enrolled, keys.of_text(entry["public_key"]))


def check_envelope(vectors, tally):
    def check(data, id_=None):
        found = envelope.Envelope(data)
        found.verify()
        return found

    for entry in vectors["envelopes"]:
        data = bytes.fromhex(entry["wire"])
        found = tally.accepts("an envelope", check, data)
        tally.same("its core", found.json(), entry["core"])
        tally.same("its signed bytes", found.signed_bytes.hex(), entry["signed_bytes"])
        tally.same("its id", found.id.hex(), entry["id"])
        tally.same("its fingerprint", found.fingerprint.hex(), entry["fingerprint"])
        # For whom a key signs is not signed: a rule compares it with the member's keys.
        members = member_places(found)

        def damaged(data, members=members, original=data):
            found = check(data)
            changed = [place for place, (a, b) in enumerate(zip(data, original)) if a != b]
            if len(data) == len(original) and all(place in members for place in changed):
                raise Refused("a member that no signature names")

        tally.withstands("an envelope", data, damaged)
    for entry in vectors["invalid"]:
        tally.refuses(entry["what"], check, bytes.fromhex(entry["wire"]))


def member_places(found):
    """The places of the member ids beside the signatures of an envelope."""
    places, at = set(), 3 + len(found.core_bytes) + 2
    for _, key, signature in found.signatures:
        places |= set(range(at, at + 8))
        at += 8 + 3 + len(key[1]) + 3 + len(signature[1])
    return places


def check_seal(vectors, tally):
    for entry in vectors["leaves"]:
        tally.same("a leaf", seal.leaf_hash(entry["kind"], bytes.fromhex(entry["entry"])).hex(), entry["leaf_hash"])
    for entry in vectors["seals"]:
        data = bytes.fromhex(entry["wire"])
        found = tally.accepts("a seal", seal.Seal, data)
        for field in ("version", "suite", "height", "round", "first", "records", "due", "rule_set"):
            tally.same(f"its {field}", getattr(found, field), entry["seal"][field])
        for field in ("network", "proposer", "parent", "log_root", "state_root", "validators", "next_validators"):
            tally.same(f"its {field}", getattr(found, field).hex(), entry["seal"][field])
        facts = found.hash.hex(), found.index, found.is_checkpoint
        tally.same("its hash, index and mark", facts, (entry["block"], entry["index"], entry["is_checkpoint"]))

        def check(data, block=found.hash):
            if seal.Seal(data).hash != block:
                raise Refused("another block")

        tally.withstands("a seal", data, check)
    for entry in vectors["bodies"]:
        records, last = tally.accepts("a body", seal.split_body, bytes.fromhex(entry["wire"]))
        tally.same("its parts", ([record.hex() for record in records], last.hex()), (entry["records"], entry["seal"]))
    for entry in vectors["invalid_seals"]:
        tally.refuses(entry["what"], seal.Seal, bytes.fromhex(entry["wire"]))
    for entry in vectors["invalid_bodies"]:
        tally.refuses(entry["what"], seal.split_body, bytes.fromhex(entry["wire"]))


def check_certificate(vectors, tally):
    network, wire = bytes.fromhex(vectors["network"]), bytes.fromhex(vectors["validators_wire"])
    known = tally.accepts("the validators", whole, wire, validators.ValidatorSet.read)
    tally.same("their hash", known.hash.hex(), vectors["validators_hash"])
    tally.same("their bytes", known.bytes, wire)

    def same_set(data):
        if whole(data, validators.ValidatorSet.read).hash != known.hash:
            raise Refused("another set")

    tally.withstands("the validators", wire, same_set)
    for height, round_, address in vectors["proposers"]:
        tally.same("a proposer", known.proposer(height, round_).hex(), address)
    for vote in vectors["votes"]:
        block = None if vote["block"] is None else bytes.fromhex(vote["block"])
        parts = vote["kind"], vote["height"], vote["round"], block, bytes.fromhex(vote["voter"])
        tally.same("a vote", validators.vote_bytes(network, *parts).hex(), vote["signed_bytes"])
    for entry in vectors["certificates"]:
        height, block = entry["height"], bytes.fromhex(entry["block"])

        def check(data, height=height, block=block):
            validators.CommitCertificate.decode(data).verify(network, known, height, block)

        data = bytes.fromhex(entry["wire"])
        tally.judge(entry["error"] is None, entry["what"], check, data)
        if entry["error"] is None:
            tally.withstands(entry["what"], data, check)
    for entry in vectors["invalid_validators"]:
        tally.refuses(entry["what"], whole, bytes.fromhex(entry["wire"]), validators.ValidatorSet.read)


def check_genesis(vectors, tally):
    canonical = bytes.fromhex(vectors["canonical"])
    founding = tally.accepts("a founding", genesis.Founding, canonical)
    tally.same("its network id", founding.network.hex(), vectors["network_id"])
    tally.same("what a founder signs", genesis.signed_bytes(founding.network).hex(), vectors["signed"])
    for field, found in (("members", founding.members), ("nodes", {"nodes": founding.nodes})):
        tally.same(f"its {field}", found, vectors["founding"][field])
    tally.same("its parameters", founding.parameters, vectors["founding"]["parameters"])

    def check(data):
        if genesis.Founding(data).network != founding.network:
            raise Refused("another network")

    tally.withstands("a founding", canonical, check)
    for entry in vectors["invalid_canonical"]:
        tally.refuses(entry["change"], genesis.Founding, bytes.fromhex(entry["bytes"]))
    text = "\n".join(vectors["file"]) + "\n"
    tally.accepts("a genesis file", genesis.read, text)
    for entry in vectors["refused"]:
        tally.refuses(entry["from"], genesis.read, text.replace(entry["from"], entry["to"], 1))


def check_log(vectors, tally):
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in vectors["entries"]]
    tally.same("leaf hashes", leaves, hexadecimal(vectors["leaf_hashes"]))
    roots = [merkle.root_of(leaves[:size]).hex() for size in range(len(leaves) + 1)]
    tally.same("roots", roots, vectors["roots"])
    for entry in vectors["inclusion"]:
        facts = entry["index"], entry["size"], bytes.fromhex(entry["leaf"]), bytes.fromhex(entry["root"])
        tally.judge(entry["valid"], entry["case"], merkle.check_inclusion, *facts, hexadecimal(entry["proof"]))
    for entry in vectors["consistency"]:
        facts = entry["old"], entry["new"], bytes.fromhex(entry["old_root"]), bytes.fromhex(entry["new_root"])
        tally.judge(entry["valid"], entry["case"], merkle.check_consistency, *facts, hexadecimal(entry["proof"]))
    for entry in vectors["frontier"]:
        found = tally.accepts("a frontier", whole, bytes.fromhex(entry["bytes"]), merkle.frontier)
        tally.same("its size and root", (found.size, found.root().hex()), (entry["size"], entry["root"]))
    for entry in vectors["frontier_refused"]:
        tally.refuses(entry["case"], whole, bytes.fromhex(entry["bytes"]), merkle.frontier)


def check_map(vectors, tally):
    for entry in vectors["keys"]:
        key = entry["type"].to_bytes(2, "little") + bytes.fromhex(entry["id"])
        tally.same("a key hash", state_map.key_hash(key).hex(), entry["hash"])
    for entry in vectors["values"]:
        tally.same("a value hash", state_map.value_hash(bytes.fromhex(entry["value"])).hex(), entry["hash"])
    for entry in vectors["maps"]:
        leaves = {bytes.fromhex(key): bytes.fromhex(value) for key, value in entry["leaves"]}
        tally.same(f"the root of {entry['case']}", state_map.root_of(leaves).hex(), entry["root"])
    for entry in vectors["proofs"]:
        value = None if entry["value"] is None else bytes.fromhex(entry["value"])
        facts = bytes.fromhex(entry["root"]), bytes.fromhex(entry["key"]), value

        def check(data, facts=facts):
            whole(data, state_map.MapProof).verify(*facts)

        tally.judge(entry["valid"], entry["case"], check, bytes.fromhex(entry["proof"]))
        if entry["valid"]:
            tally.withstands(entry["case"], bytes.fromhex(entry["proof"]), check)
    for entry in vectors["refused"]:
        tally.refuses(entry["case"], whole, bytes.fromhex(entry["bytes"]), state_map.MapProof)


def check_tile(vectors, tally):
    for entry in vectors["paths"]:
        kind = (
            f"tile/{entry['level']}"
            if entry["kind"] == "tile"
            else {"entries": "tile/entries"}.get(entry["kind"], entry["kind"])
        )
        expected = kind, entry["index"], entry["width"]
        tally.same("a path", tally.accepts(entry["path"], tiles.parse_path, entry["path"]), expected)
        tally.same("its text", tiles.path(*expected), entry["path"])
    for entry in vectors["paths_refused"]:
        tally.refuses(entry["path"], tiles.parse_path, entry["path"])
    for kind, split in (("entries", tiles.split_entries), ("commits", tiles.split_commits)):
        for entry in vectors[kind]:
            data = bytes.fromhex(entry["wire"])
            items = tally.accepts(kind, split, data, len(entry["items"]))
            tally.same(f"{kind} of a bundle", [item.hex() for item in items], entry["items"])
        for entry in vectors[f"{kind}_refused"]:
            tally.refuses(entry["what"], read_bundle(split), bytes.fromhex(entry["wire"]), entry["width"])
    check_tiles(vectors, tally)


def read_bundle(split):
    """Split a bundle, and decode its items where they are certificates."""

    def read(data, width):
        items = split(data, width)
        if split is tiles.split_commits:
            for item in items:
                validators.CommitCertificate.decode(item)

    return read


def check_tiles(vectors, tally):
    trees = {}
    for entry in vectors["tiles"]:
        size = entry["size"]
        if size not in trees:
            trees[size] = tree = tiles.TileTree()
            for leaf in range(size):
                tree.append(merkle.leaf_hash(leaf.to_bytes(8, "little")))
        kind, number, width = tiles.parse_path(entry["path"])
        hashes = trees[size].levels[int(kind.removeprefix("tile/"))][256 * number :][:width]
        found = sha256(b"".join(hashes)).hex(), hashes[0].hex(), hashes[-1].hex()
        tally.same(entry["path"], found, (entry["sha256"], entry["first"], entry["last"]))
    for entry in vectors["sizes"]:
        levels = []
        while entry["size"] >> (8 * len(levels)):
            levels.append(tiles.spans(entry["size"], len(levels)))
        tally.same(f"the tiles of {entry['size']} leaves", levels, [tuple(level) for level in entry["levels"]])


def check_segment(vectors, tally):
    header, frame = vectors["header"], vectors["frame"]
    data = bytes.fromhex(header["bytes"])
    found = tally.accepts("a header", segment.Header, data)
    facts = found.salt, found.network.hex(), found.height, found.index
    tally.same("a header", facts, tuple(header[field] for field in ("salt", "network", "first_height", "first_index")))
    tally.withstands("a header", data, lambda damaged: segment.Header(exactly(damaged, len(data))))

    def read(damaged):
        found = segment.Frame(damaged, header["salt"])
        exactly(damaged, found.length)
        return found

    data = bytes.fromhex(frame["bytes"])
    found = tally.accepts("a frame", read, data)
    parts = [record.hex() for record in found.records], found.seal.hex(), found.certificate.hex()
    tally.same("its parts", parts, (frame["records"], frame["seal"], frame["certificate"]))
    tally.same("its place", (found.height, found.index), (frame["height"], frame["first_index"]))
    tally.withstands("a frame", data, read)
    for entry in vectors["refused"]:
        tally.refuses(entry["what"], read, bytes.fromhex(entry["bytes"]))


def exactly(data, length):
    if len(data) != length:
        raise Refused("bytes left over")
    return data


def check_act(vectors, tally):
    book = grammar.book()
    for entry in vectors["acts"]:
        body = bytes.fromhex(entry["body"])
        wire = bytes([entry["family"], entry["kind"], entry["schema"]]) + len(body).to_bytes(2, "little") + body
        tally.same("an act", tally.accepts(entry["act"]["act"], whole, wire, book.act), entry["act"])
    for entry in vectors.get("invalid", []):
        tally.refuses(entry["what"], whole, bytes.fromhex(entry["wire"]), book.act)


def check_state(vectors, tally):
    book = grammar.book()
    for entry in vectors["values"]:
        wire = bytes.fromhex(entry["wire"])
        found = tally.accepts(entry["type"], whole, wire, book.value)
        tally.same("a state value", found, (entry["type"], entry["value"]))
        if "value_hash" in entry:
            tally.same("its hash", state_map.value_hash(wire).hex(), entry["value_hash"])
            tally.same("its key", book.key(bytes.fromhex(entry["key"])), (entry["type"], entry["id"]))
            tally.same("its key's hash", state_map.key_hash(bytes.fromhex(entry["key"])).hex(), entry["key_hash"])


CHECKS = {
    "key": check_key, "envelope": check_envelope, "seal": check_seal, "certificate": check_certificate,
    "genesis": check_genesis, "log": check_log, "map": check_map, "tile": check_tile,
    "segment": check_segment,
    "checkpoint": vectors_texts.check_checkpoint, "evidence": vectors_texts.check_evidence,
    "epochs": vectors_texts.check_epochs, "damage": vectors_damage.check_damage,
    "status-certificate": vectors_texts.check_status_certificate,
    "act": check_act, "act/*": check_act, "state": check_state, "state/*": check_state,
}  # fmt: skip


def run(folder=FOLDER):
    """(file, tally) of every file of vectors that this package knows."""
    for pattern, check in CHECKS.items():
        files = sorted(pathlib.Path(folder).glob(f"{pattern}.json"))
        if not files:
            raise Failure(f"{folder} has no {pattern}.json")
        for file in files:
            tally = Tally()
            try:
                vectors = json.loads(file.read_text(encoding="utf-8"))
                if check is vectors_damage.check_damage:
                    check(vectors, tally, folder)
                else:
                    check(vectors, tally)
            except Failure as failure:
                raise Failure(f"{file.name}: {failure}") from None
            yield file, tally
