"""What the commands do: each takes the parsed arguments and gives the lines of its report, or refuses."""

import datetime
import json

from . import certificate as certificates
from . import epochs, exported, genesis, note, seal, vectors
from .envelope import Envelope
from .receipt import Receipt
from .refusal import require


def log(chosen):
    """Check a whole log."""
    text = None if chosen.genesis is None else exported.utf8(chosen.genesis.read_bytes())
    key = None if chosen.log_key is None else note.NoteKey.parse(chosen.log_key)
    check, checkpoint = exported.check(chosen.place, text, key)
    yield from what_was_checked(check, text)
    counts = check.counts
    yield f"{counts['tiles']} tiles hold what {counts['leaves']} leaves make; their root is {checkpoint.root.hex()}"
    power, total, time = check.quorum
    yield f"{power} of {total} voting power cosigned the checkpoint, a quorum of it at or after {moment(time)}"
    yield NOT_CHECKED


def directory(chosen):
    """Check the segments of a node's directory."""
    text = None if chosen.genesis is None else exported.utf8(chosen.genesis.read_bytes())
    check = exported.check_directory(chosen.folder, text)
    yield from what_was_checked(check, text)
    yield f"{check.counts['leaves']} leaves have the root {check.frontier.root().hex()}"
    yield NOT_CHECKED


NOT_CHECKED = "not checked: what the records did to the state, and whether the law allowed it"


def what_was_checked(check, trusted):
    """The lines that a log has with checkpoint and without."""
    counts = check.counts
    yield f"network {check.network.hex()}: {check.founding.name}"
    if trusted is None:
        yield "the genesis file is the one that lies beside the log: compare the network id with one you trust"
    yield f"{counts['blocks']} blocks follow one another; {counts['precommits']} precommits decided them"
    yield f"{counts['records']} records are canonical; {counts['signatures']} signatures under them count"
    yield f"{counts['epochs']} sets of nodes followed one another from the founders' on"


def receipt(chosen):
    """Check a receipt."""
    founding, chain = known_epochs(chosen)
    found = Receipt(chosen.file.read_bytes())
    beside = found.beside()
    leaf = leaf_of(beside, chosen)
    found.verify(seal.merkle.leaf_hash(leaf))
    require(found.checkpoint.origin == note.origin(founding.network), "the checkpoint is of another log")
    yield f"the leaf stands at {found.index} of {found.checkpoint.size}"
    if leaf[0] == seal.RECORD:
        record = Envelope(leaf[1:])
        require(record.network == founding.network, "the record is for another network")
        record.verify()
        yield f"it is the record {record.act['act']} of {record.author}; its {len(record.signatures)} signatures count"
    if beside.seal is not None:
        height = found.check_last_leaf(beside, chain)
        yield f"the last leaf is the seal of height {height}: epoch {chain.number_at(height)} had to sign"
        signers = chain.at(height)
    else:
        require(not chain.changes, "without the last seal beside it, nobody can tell which epoch had to sign")
        yield "the founders had to sign, if nothing has changed the nodes since"
        signers = chain.first
    power, total, time = signers.check_note(founding.network, found.checkpoint)
    yield f"{power} of {total} voting power cosigned the checkpoint, a quorum of it at or after {moment(time)}"


def leaf_of(beside, chosen):
    if chosen.record is not None:
        return bytes([seal.RECORD]) + chosen.record.read_bytes()
    require(beside.leaf is not None, "the receipt does not carry its record: name it with --record")
    return beside.leaf


def certificate(chosen):
    """Check a certificate."""
    founding, chain = known_epochs(chosen)
    found = certificates.read(chosen.file.read_bytes())
    witnesses = [note.NoteKey.parse(key) for key in chosen.witness]
    power, total, time = found.verify(chain, witnesses, chosen.witnesses_needed)
    statement = found.statement
    shown = certificates.shown_proven(statement.proven)
    yield f"network {founding.network.hex()}: {founding.name}"
    yield f"{len(found.links)} links lead to epoch {chain.number_at(statement.seal.height)}, which had to sign"
    said = json.dumps(shown["value"], ensure_ascii=False) if shown["present"] else "nothing"
    yield f"{shown['key']['type']} {shown['key']['id']} stands for {said}"
    for detail in map(certificates.shown_proven, statement.details):
        yield f"beside it {detail['key']['type']} {detail['key']['id']}: {'present' if detail['present'] else 'nothing'}"
    yield f"the seal of height {statement.seal.height} is the last of {statement.size} leaves"
    if found.history:
        yield f"{len(found.history)} entries of the log brought all events that the status counts"
    yield f"{power} of {total} voting power cosigned, a quorum of it at or after {moment(time)}"
    if chosen.max_age is not None:
        age = int(now()) - time
        require(-60 <= age <= chosen.max_age, f"the quorum signed {age} seconds ago: too old, or ahead of this clock")
    yield f"as of {certificates.moment_text(statement.seal.time)}, not now"


def now():
    return datetime.datetime.now(datetime.timezone.utc).timestamp()


def known_epochs(chosen):
    """(the founding, the chain of epochs that the links of --epochs continue)."""
    founding = genesis.read(exported.utf8(chosen.genesis.read_bytes()))
    chain = epochs.Epochs(founding.network, founding.nodes)
    if chosen.epochs is not None:
        for link in epochs.read_links(chosen.epochs.read_bytes()):
            chain.push(link)
    return founding, chain


def moment(seconds):
    latest = 253_402_300_799  # the end of the year 9999
    if seconds > latest:
        return f"second {seconds}"
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def vectors_(chosen):
    """Compare with the golden vectors."""
    for file, tally in vectors.run(chosen.folder):
        counts = f"{tally.accepted} accepted, {tally.refused} refused, {tally.damaged} damaged forms refused"
        yield f"{file.relative_to(chosen.folder)}: {counts}"


COMMANDS = {"log": log, "directory": directory, "receipt": receipt, "certificate": certificate, "vectors": vectors_}
