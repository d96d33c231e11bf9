"""Compare with the vectors of notes, checkpoints, receipts, policies, submissions, evidence and epochs."""

import functools
import json

from . import certificate, epochs, keys, note
from .evidence import Evidence, Submission
from .policy import Policy
from .receipt import Receipt
from .refusal import Refused


def check_checkpoint(vectors, tally):
    check_keys_and_notes(vectors, tally)
    for entry in vectors["checkpoints"]:
        origin, size, root = tally.accepts("a checkpoint", note.read_checkpoint_text, entry["text"])
        tally.same("its lines", (origin, size, root.hex()), (entry["origin"], entry["size"], entry["root"]))
    for entry in vectors["checkpoints_refused"]:
        tally.refuses(entry["what"], note.read_checkpoint_text, entry["text"])
    for entry in vectors["receipts"]:
        check_receipt(entry, [note.NoteKey.parse(key["vkey"]) for key in vectors["keys"]], tally)
    for entry in vectors["receipts_refused"]:
        tally.refuses(entry["what"], Receipt, entry["text"].encode())
    for entry in vectors["policies"]:
        policy = tally.accepts(entry["what"], Policy, entry["policy"].encode())
        tally.accepts("its printed form", Policy, entry["printed"].encode())
        logs, names, quorum = policy.judge(note.Checkpoint(entry["checkpoint"].encode()))
        expected = entry["logs"], entry["witnesses"], entry["quorum"]
        tally.same("the verdict", (len(logs), names, quorum), expected)
    for entry in vectors["policies_refused"]:
        tally.refuses(entry["what"], Policy, entry["text"].encode())
    for entry in vectors["submissions"]:
        submission = tally.accepts(entry["what"], Submission, entry["body"].encode())
        tally.judge(entry["error"] is None, entry["what"], submission.verify, bytes.fromhex(entry["old_root"]))
    for entry in vectors["submissions_refused"]:
        tally.refuses(entry["what"], Submission, entry["text"].encode())


def check_keys_and_notes(vectors, tally):
    for entry in vectors["keys"]:
        key = tally.accepts(entry["what"], note.NoteKey.parse, entry["vkey"])
        found = key.name, key.algorithm, key.key.hex(), key.id.hex(), str(key)
        tally.same("a key", found, (*(entry[field] for field in ("name", "algorithm", "public", "id")), entry["vkey"]))
        tally.withstands(entry["what"], entry["vkey"].encode(), parse_key)
    for entry in vectors["keys_refused"]:
        tally.refuses(entry["what"], note.NoteKey.parse, entry["text"])
    for entry in vectors["notes"]:
        known = [note.NoteKey.parse(key) for key in entry["known"]]

        def check(data, known=known):
            read = note.Note(data)
            signers = read.signers(known)
            if not signers:
                raise Refused("nobody known signed")
            return read.text, signers

        data = entry["note"].encode()
        if entry["error"] is not None:
            tally.refuses(entry["what"], check, data)
            continue
        text, signers = tally.accepts(entry["what"], check, data)
        tally.same("its text", text, entry["text"])
        named = [[str(known[place]), time] for place, time in sorted(signers.items())]
        tally.same("its signers", named, entry["signed_by"])

        def damaged(data, expected=(text, signers)):
            if check(data) != expected:
                raise Refused("other signers")

        # Lines of unknown keys say nothing, so damage there says nothing either.
        if len(signers) == len(note.Note(data).signatures):
            tally.withstands(entry["what"], data, damaged)
    for entry in vectors["notes_refused"]:
        tally.refuses(entry["what"], note.Note, entry["text"].encode())


def parse_key(data):
    note.NoteKey.parse(note.characters(data))


def check_receipt(entry, known, tally):
    leaf = bytes.fromhex(entry["leaf"])

    def check(data, expected=None):
        receipt = Receipt(data)
        receipt.verify(leaf)
        signers = receipt.checkpoint.note.signers(known)
        facts = receipt.index, None if receipt.extra is None else receipt.extra.hex(), signers
        if expected not in (None, facts):
            raise Refused("another receipt")
        return facts

    data = entry["receipt"].encode()
    if entry["error"] is not None:
        tally.refuses(entry["what"], check, data)
        return
    facts = tally.accepts(entry["what"], check, data)
    tally.same("its index and extra", facts[:2], (entry["index"], entry["extra"]))
    if len(facts[2]) == len(Receipt(data).checkpoint.note.signatures):
        tally.withstands(entry["what"], data, lambda damaged: check(damaged, facts))


def check_evidence(vectors, tally):
    known = [note.NoteKey.parse(key) for key in vectors["keys"]]
    for entry in vectors["evidence"]:
        found = tally.accepts(entry["what"], Evidence, entry["evidence"].encode())
        tally.same("its sizes", [found.first.size, found.second.size], entry["sizes"])
        tally.same("its past root", found.past and found.past.hex(), entry["past_root"])
        accused = tally.accepts(entry["what"], found.accused, known)
        tally.same("who contradicted themselves", [vectors["keys"][place] for place in accused], entry["both"])
    for entry in vectors["unsigned"]:
        tally.refuses(entry["what"], lambda text: Evidence(text.encode()).accused(known), entry["text"])
    for entry in vectors["refused"]:
        tally.refuses(entry["what"], Evidence, entry["text"].encode())


def check_epochs(vectors, tally):
    nodes = vectors["founded"]["nodes"]
    network = bytes.fromhex(vectors["network"])

    @functools.cache
    def changes(count):
        return tuple(chain(count).changes)

    def chain(count):
        known = epochs.Epochs(network, nodes)
        if count:
            known.changes = list(changes(count - 1))
            known.push(epochs.EpochLink.decode(bytes.fromhex(vectors["links"][count - 1]["bytes"])))
        return known

    def before(count):
        known = epochs.Epochs(network, nodes)
        known.changes = list(changes(count))
        return known

    def push(data, count):
        before(count).push(epochs.EpochLink.decode(data))

    for place, entry in enumerate(vectors["links"]):
        data = bytes.fromhex(entry["bytes"])
        link = tally.accepts("a link", epochs.EpochLink.decode, data)
        tally.same("its height and nodes", (link.seal.height, link.nodes), (entry["height"], entry["nodes"]["nodes"]))
        behind = tally.accepts("a link in its place", chain, place + 1).changes[-1][1]
        signers = [[keys.address(vote).hex(), cosign[1].hex(), power] for vote, cosign, power, _ in behind.signers]
        tally.same("the signers behind it", signers, entry["signers"])
        tally.withstands("a link", data, lambda damaged, place=place: push(damaged, place), places=400)
    whole_chain = chain(len(vectors["links"]))
    found = [whole_chain.number_at(height) for height in range(1, len(vectors["epochs"]) + 1)]
    tally.same("the epoch that decides each height", found, vectors["epochs"])
    quorum, signers = vectors["quorum"], whole_chain.changes[-1][1]

    def check(data, place=None):
        placed = [bytes.fromhex(cosignature) for cosignature in quorum["cosignatures"]]
        if place is not None:
            placed[place] = data
        return signers.check_placed(quorum["checkpoint"], [epochs.decode_placed(one) for one in placed])

    found = tally.accepts("a quorum", check, None)
    tally.same("its power, total and time", found, (quorum["power"], quorum["total"], quorum["time"]))
    for place, cosignature in enumerate(quorum["cosignatures"]):
        tally.withstands("a cosignature", bytes.fromhex(cosignature), lambda data, place=place: check(data, place))
    for entry in vectors["refused"]:
        tally.refuses(entry["what"], push, bytes.fromhex(entry["bytes"]), entry["behind"])


def check_status_certificate(vectors, tally):
    network, nodes = bytes.fromhex(vectors["network"]), vectors["founded"]["nodes"]
    witness = note.NoteKey.parse(vectors["witness"])

    def verify(data, key=None, needed=0):
        found = certificate.Certificate(data)
        quorum = found.verify(epochs.Epochs(network, nodes), [witness], needed)
        # Where two keys are absent by the same proof, a certificate of the one with the other's name holds too.
        if key not in (None, found.statement.proven.key):
            raise Refused("a certificate of another key")
        return found, quorum

    for entry in vectors["valid"]:
        data = bytes.fromhex(entry["bytes"])
        found, quorum = tally.accepts(entry["what"], verify, data)
        tally.same("its form", certificate.form(found) | {"bytes": None}, entry["form"] | {"bytes": None})
        expected = entry["report"]["as_of"]["quorum"]
        tally.same("its quorum", quorum, tuple(expected[field] for field in ("power", "total", "time")))
        written = json.dumps(entry["form"] | {"bytes": entry["bytes"]})
        tally.accepts("its JSON form", certificate.read, written.encode())
        for field in certificate.form(found):
            tally.refuses(
                f"a form that shows another {field}",
                certificate.read,
                json.dumps(json.loads(written) | {field: 7}).encode(),
            )
            shorter = {name: value for name, value in json.loads(written).items() if name != field}
            tally.refuses(f"a form without {field}", certificate.read, json.dumps(shorter).encode())
        facts = found.statement.proven.key, len(found.statement.witnesses)
        tally.withstands(entry["what"], data, lambda damaged, facts=facts: verify(damaged, *facts), places=150)
    for entry in vectors["refused"]:
        tally.refuses(entry["what"], verify, bytes.fromhex(entry["bytes"]))
