"""Read and verify a certificate, as formats/certificate.md says: what a key of the state stands for, as of a checkpoint."""

import json

from . import grammar, merkle, note, seal, state_map
from .codec import Reader, whole
from .envelope import Envelope
from .epochs import EpochLink, placed_cosignature
from .hashes import domain_hash
from .identifiers import moment_text
from .refusal import Refused, require

LIMIT, BODY_LIMIT, LINK_LIMIT = 32 << 20, 1 << 18, 1 << 16
PARTS_LIMIT = 10_000
STATEMENT, LINK, ENTRY = 1, 2, 3
FORMAT = "tongda-certificate/1"


class Proven:
    """A key, its value (None if it stands for nothing), and the proof under a state root."""

    def __init__(self, reader):
        self.key = reader.bytes(34)
        require(len(self.key) >= 2, "a key has 2 to 34 bytes")
        self.value = reader.optional(lambda reader: reader.bytes(grammar.VALUE_LIMIT + 5))
        self.proof = state_map.MapProof(reader)

    def verify(self, state_root):
        value = None if self.value is None else state_map.value_hash(self.value)
        self.proof.verify(state_root, state_map.key_hash(self.key), value)
        if self.value is not None:
            require(self.value[:2] == self.key[:2], "the value is of another type than its key")
            whole(self.value, grammar.book().value, most=grammar.VALUE_LIMIT + 5)


def short_seal(reader):
    """A seal without what it nearly always repeats; what is left out may not be written."""
    head = reader.take(1 + 32 + 1 + 8 + 4 + 8 + 20 + 32 + 8 + 4 + 2 + 32 + 32 + 32)
    time, validators = head[46:54], head[-32:]
    following = reader.optional(lambda reader: reader.take(32))
    rule_set = reader.take(2)
    checkpoint = reader.optional(lambda reader: reader.take(8))
    extension = reader.optional(lambda reader: reader.take(32))
    require(following != validators, "the next validators are written although they are the same")
    require(checkpoint != time, "the checkpoint is written although it is the seal's time")
    require(extension != bytes(32), "an extension of zeros is written")
    parts = head, following or validators, rule_set, checkpoint or time, extension or bytes(32)
    return seal.Seal(b"".join(parts), of_any_version=True)


def witness_line(reader):
    """(name, key id, 72 bytes) of a cosignature by a witness outside the validators."""
    try:
        name = reader.bytes(255).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("a witness's name is UTF-8") from None
    note.check_name(name)
    key_id, data = reader.take(4), reader.take(72)
    require(int.from_bytes(data[:8], "big") < 2**63, "the time of a cosignature is below 2^63")
    return name, key_id, data


class Statement:
    """What is certified, and the way to the cosigned checkpoint."""

    def __init__(self, reader):
        self.proven, self.seal = Proven(reader), short_seal(reader)
        self.size, self.root = reader.u64(), reader.take(32)
        self.inclusion = merkle.proof(reader)
        self.cosignatures = reader.list(255, placed_cosignature)
        self.witnesses = reader.list(32, witness_line)
        self.details = reader.list(16, Proven)
        ascend([place for place, _ in self.cosignatures], "the cosignatures")
        ascend([(name.encode(), key_id) for name, key_id, _ in self.witnesses], "the witnesses")
        keys = [state_key_order(one.key) for one in self.details]
        ascend(keys, "the details")
        require(state_key_order(self.proven.key) not in keys, "a detail is what is certified")

    @property
    def text(self):
        """The text of the checkpoint, of the log of the network that the seal names."""
        root = note.base64.b64encode(self.root).decode()
        return f"{note.origin(self.seal.network)}\n{self.size}\n{root}\n"


def state_key_order(key):
    """State keys ascend by tag as a number, by the length of the id, then by the id."""
    return int.from_bytes(key[:2], "little"), len(key), key[2:]


def ascend(items, what):
    require(all(a < b for a, b in zip(items, items[1:])), f"{what} do not ascend, or one stands twice")


class Entry:
    """An entry of a patent's history: a record, or a seal whose block let time take effect."""

    def __init__(self, reader):
        self.position = reader.u64()
        self.record = reader.optional(lambda reader: (reader.bytes(seal.RECORD_LIMIT), merkle.proof(reader)))
        self.seal, self.seal_proof = short_seal(reader), merkle.proof(reader)
        self.events = reader.list(4_096, lambda reader: (reader.u16(), (reader.u8(), reader.u8())))

    def check(self, size, root):
        """Refuse unless it stands in the tree; the act in JSON form and its tags, or None for a seal."""
        index = self.seal.index
        merkle.check_inclusion(index, size, self.seal.hash, root, self.seal_proof)
        if self.record is None:
            require(self.position == index, "the seal is that of another block")
            return None
        require(self.seal.first <= self.position < index, "the seal beside it is that of another block")
        envelope, proof = self.record
        leaf = seal.leaf_hash(seal.RECORD, envelope)
        merkle.check_inclusion(self.position, size, leaf, root, proof)
        return Envelope(envelope)


class Certificate:
    """A statement; the links of the chain of epochs that it carries; the history, if it does."""

    def __init__(self, data):
        require(len(data) <= LIMIT, f"{len(data)} bytes are more than a certificate has")
        self.bytes = bytes(data)
        reader = Reader(data)
        require(reader.take(3) == b"TDC", "a certificate begins with TDC")
        version = reader.u8()
        require(version == 1, f"certificate version {version} is unknown")
        self.statement, self.links, self.history = None, [], []
        while reader.at < len(data) or self.statement is None:
            kind, length = reader.u8(), reader.u32()
            require(length <= BODY_LIMIT, f"a part of {length} bytes")
            self.read_part(kind, reader.take(length))
        ascend([link.seal.height for link in self.links], "the links")
        ascend([entry.position for entry in self.history], "the entries")

    def read_part(self, kind, body):
        if kind == STATEMENT and self.statement is None:
            self.statement = whole(body, Statement, most=BODY_LIMIT)
        elif kind == LINK and self.statement and not self.history and len(self.links) < PARTS_LIMIT:
            self.links.append(whole(body, EpochLink, most=LINK_LIMIT))
        elif kind == ENTRY and self.statement and len(self.history) < PARTS_LIMIT:
            self.history.append(whole(body, Entry, most=BODY_LIMIT))
        else:
            raise Refused(f"a part of kind {kind} has no place here")

    def verify(self, epochs, witnesses=(), needed=0):
        """Refuse unless all of it holds; the quorum (power, total, time). Links continue `epochs`, which are changed."""
        statement = self.statement
        found = statement.seal
        require(found.network == epochs.network, "the certificate is of another network")
        for link in self.links:
            epochs.push(link)
        epochs.check_seal(found)
        for proven in (statement.proven, *statement.details):
            proven.verify(found.state_root)
        require(found.index == statement.size - 1, "the seal is not the last leaf: an older state may not be shown")
        merkle.check_inclusion(found.index, statement.size, found.hash, statement.root, statement.inclusion)
        quorum = epochs.at(found.height).check_placed(statement.text, statement.cosignatures)
        self.check_witnesses(witnesses, needed)
        if self.history:
            self.check_history()
        return quorum

    def check_witnesses(self, known, needed):
        """Of `known` keys of outside witnesses so many must have cosigned; a bad line of a known one refuses."""
        signed = set()
        for name, key_id, data in self.statement.witnesses:
            for key in known:
                if (key.name, key.id) == (name, key_id):
                    key.verify(self.statement.text, data)
                    signed.add((key.algorithm, key.key))
        require(len(signed) >= needed, f"{len(signed)} of the witnesses named cosigned, {needed} are asked for")

    def check_history(self):
        """Refuse unless the entries stand in the tree, and their events are all that the status counts."""
        statement = self.statement
        status = statement.proven.value and whole(statement.proven.value, grammar.book().value, most=16_389)
        require(status and status[0] == "PatentStatus", "a history goes with the status of a patent")
        records = {}
        for entry in self.history:
            record = entry.check(statement.size, statement.root)
            if record is not None:
                records[entry.position] = record.act
        chain, count = bytes(32), 0
        for entry in self.history:
            act = records.get(entry.position)
            if act is not None and act["act"] == "consent.give":
                act = records.get(position_of(act["pending"]))
            for ordinal, tags in entry.events:
                brought = (
                    tags[0] == 0
                    if entry.record is None
                    else act is not None and grammar.book().names.get(tags) == act["act"]
                )
                require(brought, f"the entry at {entry.position} did not bring an event {tags}")
                numbers = entry.position.to_bytes(8, "little") + ordinal.to_bytes(2, "little")
                chain, count = domain_hash("patent-event", chain, numbers, bytes(tags)), count + 1
        require(count == status[1]["events"], f"{count} events, and the status counts {status[1]['events']}")
        require(chain.hex() == status[1]["chain"], "the events lead to another head of the chain")


def position_of(object_id):
    """The log position in an object's id."""
    return int(object_id.split("-")[1].split(".")[0])


def read_json(text):
    """The certificate in its JSON form: only the bytes count, and what is shown beside them must be what they say."""
    try:
        shown = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=once)
        require(isinstance(shown, dict) and shown.get("format") == FORMAT, f"the format is not {FORMAT}")
        data = bytes.fromhex(shown["bytes"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(f"no JSON form of a certificate: {error!r}") from None
    require(
        isinstance(shown["bytes"], str) and not any(map(str.isspace, shown["bytes"])), "the bytes are no hexadecimal"
    )
    found = Certificate(data)
    meant = form(found)
    for name in sorted(set(shown) | set(meant)):
        same = name in shown and name in meant and (name == "bytes" or alike(shown[name], meant[name]))
        require(same, f"`{name}` shows something else than the bytes say")
    return found


def refuse_constant(name):
    raise ValueError(name)


def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def alike(a, b):
    """Whether two JSON values are the same; 1 and true are not, and 1 and 1.0 are not."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


SHOWN_AS_ID = {"Member", "Party", "Patent", "PatentStatus", "PatentByNumber", "Declaration", "Licence", "Pledge"}


def shown_key(key):
    tag = int.from_bytes(key[:2], "little")
    name = grammar.book().values.get(tag, ("unknown", ""))[0]
    identity = key[2:].hex()
    if name in SHOWN_AS_ID:
        try:
            identity = grammar.book().key(key)[1]
        except Refused:
            pass
    return {"type": name, "id": identity, "bytes": key.hex()}


def shown_proven(proven):
    value = None
    if proven.value is not None:
        try:
            require(proven.value[:2] == proven.key[:2], "another type")
            value = whole(proven.value, grammar.book().value, most=grammar.VALUE_LIMIT + 5)[1]
        except Refused:
            value = proven.value.hex()
    return {"key": shown_key(proven.key), "present": proven.value is not None, "value": value}


def shown_seal(found):
    def shown(name):
        value = getattr(found, name)
        if name in ("time", "checkpoint"):
            return moment_text(value)
        return value.hex() if isinstance(value, bytes) else value

    return {name: shown(name) for name, _ in seal.FIELDS}


def shown_entry(entry):
    act = None
    if entry.record:
        try:
            act = Envelope(entry.record[0]).act
        except Refused:
            pass
    events = [{"ordinal": ordinal, "family": tags[0], "kind": tags[1]} for ordinal, tags in entry.events]
    return {
        "position": entry.position,
        "type": "record" if entry.record else "seal",
        "height": entry.seal.height,
        "time": moment_text(entry.seal.time),
        "act": act,
        "events": events,
    }


def form(found):
    """The fields that a JSON form shows."""
    statement = found.statement
    proven = shown_proven(statement.proven)
    as_of = {"height": statement.seal.height, "time": moment_text(statement.seal.time)}
    as_of |= {"size": statement.size, "root": statement.root.hex()}
    return {
        "format": FORMAT,
        "network": statement.seal.network.hex(),
        "key": proven["key"],
        "present": proven["present"],
        "value": proven["value"],
        "as_of": as_of,
        "seal": shown_seal(statement.seal),
        "cosignatures": [
            {"signer": place, "time": int.from_bytes(data[:8], "big")} for place, data in statement.cosignatures
        ],
        "witnesses": [
            {"name": name, "id": key_id.hex(), "time": int.from_bytes(data[:8], "big")}
            for name, key_id, data in statement.witnesses
        ],
        "details": [shown_proven(one) for one in statement.details],
        "epochs": [link.seal.height for link in found.links],
        "history": [shown_entry(entry) for entry in found.history],
        "bytes": found.bytes.hex(),
    }


def read(data):
    """A certificate in bytes, in its JSON form, or in the texts of QR codes, one a line."""
    from . import paper

    if data[:3] == b"TDC":
        return Certificate(data)
    if data.lstrip()[:1] == b"{":
        require(len(data) <= 4 * LIMIT, "more text than a certificate has")
        return read_json(data)
    return Certificate(paper.join(paper.lines_of(data)))
