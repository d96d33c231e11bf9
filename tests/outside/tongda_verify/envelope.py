"""Read and verify a signed record, as formats/envelope.md says."""

from . import grammar, identifiers, keys
from .codec import whole
from .hashes import domain_hash, in_domain, sha256
from .refusal import Refused, require

RECORD_LIMIT = 65_534
LONGEST_WINDOW = 24 * 3_600_000


class Envelope:
    """A decoded envelope: `core` in its JSON form, `signatures` as (member, key, signature)."""

    def __init__(self, data):
        self.bytes = bytes(data)
        require(len(data) <= RECORD_LIMIT, f"{len(data)} bytes are more than a record has")
        require(len(data) >= 3, "cut short")
        require(data[0] == 1, f"envelope version {data[0]} is unknown")
        length = int.from_bytes(data[1:3], "little")
        require(3 + length <= len(data), "the core is cut short")
        self.core_bytes = self.bytes[3 : 3 + length]
        whole(self.core_bytes, self.read_core)
        self.signatures = whole(data[3 + length :], lambda reader: reader.list(128, read_signed))
        require(self.signatures, "no signature")
        # By member; of one member by algorithm, then by the key's bytes.
        order = [(member, key) for member, key, _ in self.signatures]
        require(all(a < b for a, b in zip(order, order[1:])), "signatures do not ascend by member and key")

    def read_core(self, reader):
        self.network = reader.take(32)
        self.author = identifiers.object_id("M")(reader)
        self.valid_from = identifiers.moment(reader)
        self.valid_until = identifiers.moment(reader)
        self.nonce = reader.take(16)
        self.gather_until = reader.optional(identifiers.moment)
        self.expects = reader.list(64, lambda reader: (identifiers.object_id("P")(reader), reader.u64()))
        self.act = grammar.book().act(reader)

    @property
    def signed_bytes(self):
        return in_domain("envelope", self.network, self.core_bytes)

    @property
    def id(self):
        return domain_hash("envelope", self.network, self.core_bytes)

    @property
    def fingerprint(self):
        return sha256(self.bytes)

    def verify(self):
        """Refuse unless every signature counts. Whether the keys are the members' own is for the rules to say."""
        for member, key, signature in self.signatures:
            try:
                keys.verify(key, signature, self.signed_bytes)
            except Refused as refused:
                text = identifiers.object_id_text(member, "M")
                raise Refused(f"the signature of {text} with {keys.text(key)}: {refused}") from None

    def json(self):
        """The core as the ledger's interfaces write it."""
        moment = identifiers.moment_text
        return {
            "network": self.network.hex(),
            "author": self.author,
            "valid_from": moment(self.valid_from),
            "valid_until": moment(self.valid_until),
            "nonce": self.nonce.hex(),
            "gather_until": None if self.gather_until is None else moment(self.gather_until),
            "expects": [{"patent": patent, "version": version} for patent, version in self.expects],
            "act": self.act,
        }


def read_signed(reader):
    return reader.u64(), keys.public_key(reader), keys.signature(reader)
