"""Compare, form by form, which damaged bytes still decode: this package is as strict as the ledger, and no stricter."""

import json
import pathlib

from . import envelope, genesis, grammar, merkle, note, seal, state_map, validators
from .codec import whole
from .epochs import EpochLink
from .receipt import Receipt
from .refusal import Refused, require

RECORD_LIMIT = 65_534


def forms(original, places):
    """The damaged forms, in the order of the vectors."""
    for place in range(0, len(original), max(1, len(original) // places)):
        for bits in (0x01, 0x80, 0xFF):
            yield original[:place] + bytes([original[place] ^ bits]) + original[place + 1 :]
        yield original[:place]
    yield original + b"\0"


def decoder(read, most=RECORD_LIMIT):
    return lambda data: whole(data, read, most=most)


def wires(vectors, list_, field="wire"):
    return [bytes.fromhex(entry[field]) for entry in vectors[list_]]


def texts(vectors, list_, field):
    return [entry[field].encode() for entry in vectors[list_]]


def acts(vectors):
    for entry in vectors["acts"]:
        body = bytes.fromhex(entry["body"])
        wire = bytes([entry["family"], entry["kind"], entry["schema"]]) + len(body).to_bytes(2, "little") + body
        yield wire, decoder(grammar.book().act)


def values(vectors):
    for entry in vectors["values"]:

        def read(data, tag=bytes.fromhex(entry["key"])[:2]):
            require(data[:2] == tag, "a value of another type")
            whole(data, grammar.book().value, most=grammar.VALUE_LIMIT + 5)

        yield bytes.fromhex(entry["wire"]), read


def parse_key(data):
    try:
        note.NoteKey.parse(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused("no UTF-8") from None


# Name in damage.json: the bytes of a file, and how they are read.
PLAIN = {
    "envelope.json": (lambda vectors: wires(vectors, "envelopes"), envelope.Envelope),
    "seal.json seals": (lambda vectors: wires(vectors, "seals"), seal.Seal),
    "seal.json bodies": (lambda vectors: wires(vectors, "bodies"), seal.split_body),
    "certificate.json": (lambda vectors: wires(vectors, "certificates"), validators.CommitCertificate.decode),
    "certificate.json validators": (
        lambda vectors: [bytes.fromhex(vectors["validators_wire"])],
        decoder(validators.ValidatorSet.read),
    ),
    "log.json frontier": (lambda vectors: wires(vectors, "frontier", "bytes"), decoder(merkle.frontier)),
    "map.json": (lambda vectors: wires(vectors, "proofs", "proof"), decoder(state_map.MapProof)),
    "genesis.json": (lambda vectors: [bytes.fromhex(vectors["canonical"])], genesis.Founding),
    "epochs.json": (lambda vectors: wires(vectors, "links", "bytes"), EpochLink.decode),
    "checkpoint.json keys": (lambda vectors: texts(vectors, "keys", "vkey"), parse_key),
    "checkpoint.json notes": (lambda vectors: texts(vectors, "notes", "note"), note.Note),
    "checkpoint.json receipts": (lambda vectors: texts(vectors, "receipts", "receipt"), Receipt),
}


def cases(name, folder):
    """(bytes, how they are read) of every vector that an entry of damage.json speaks of."""
    file = pathlib.Path(folder, name.split(" ")[0])
    vectors = json.loads(file.read_text(encoding="utf-8"))
    if name in PLAIN:
        find, read = PLAIN[name]
        return [(data, read) for data in find(vectors)]
    return list(acts(vectors) if name.startswith("act") else values(vectors))


def check_damage(vectors, tally, folder):
    for name, verdicts in vectors["verdicts"].items():
        found = cases(name, folder)
        tally.same(f"how many vectors {name} has", len(found), len(verdicts))
        for place, ((data, read), expected) in enumerate(zip(found, verdicts)):
            bits = "".join(f"{byte:08b}" for byte in bytes.fromhex(expected))
            for number, damaged in enumerate(forms(data, vectors["places"])):
                decodes = accepted(read, damaged)
                if decodes != (bits[number] == "1"):
                    verdict = "read" if decodes else "refused"
                    raise tally.failure(
                        f"{name} {place}, damaged form {number}, is {verdict} here alone: {damaged.hex()[:200]}"
                    )
                tally.damaged += not decodes
                tally.accepted += decodes


def accepted(read, data):
    try:
        read(data)
    except Refused:
        return False
    return True
