"""Read leaves, seals and bodies, as formats/leaf-and-seal.md says."""

from . import identifiers, merkle
from .codec import Reader, whole
from .hashes import sha256
from .refusal import require

GENESIS, RECORD, SEAL = 0, 1, 2
LEAF_LIMIT = 65_535
RECORD_LIMIT = 65_534
RECORDS_OF_A_BLOCK = 65_536
BODY_LIMIT = 8_716_294

FIELDS = [
    ("version", Reader.u8), ("network", 32), ("suite", Reader.u8), ("height", Reader.u64), ("round", Reader.u32),
    ("time", identifiers.moment), ("proposer", 20), ("parent", 32), ("first", Reader.u64), ("records", Reader.u32),
    ("due", Reader.u16), ("log_root", 32), ("state_root", 32), ("validators", 32), ("next_validators", 32),
    ("rule_set", Reader.u16), ("checkpoint", identifiers.moment), ("extension", 32),
]  # fmt: skip


class Seal:
    """A seal: its fields as attributes, its bytes and its hash."""

    def __init__(self, data, of_any_version=False):
        self.bytes = bytes(data)
        whole(self.bytes, self.read)
        if not of_any_version:
            self.check_version()

    def check_version(self):
        require(self.version == 1, f"seal version {self.version} is unknown")
        require(self.suite == 1, f"hash suite {self.suite} is unknown")

    def read(self, reader):
        for name, field in FIELDS:
            setattr(self, name, reader.take(field) if isinstance(field, int) else field(reader))

    @property
    def hash(self):
        """The block's hash: the seal's leaf hash."""
        return leaf_hash(SEAL, self.bytes)

    @property
    def index(self):
        """The seal's own index in the log."""
        return self.first + self.records

    @property
    def is_checkpoint(self):
        return self.checkpoint == self.time


def leaf_hash(kind, entry):
    return merkle.leaf_hash(bytes([kind]) + entry)


def split_body(data):
    """(envelopes, seal bytes) of a block as it travels."""
    require(len(data) <= BODY_LIMIT, f"{len(data)} bytes are more than a body has")
    reader = Reader(data)
    count = reader.u32()
    require(count <= RECORDS_OF_A_BLOCK, f"{count} records are more than a block has")
    entries = []
    for _ in range(count + 1):
        length = reader.u32()
        require(length <= RECORD_LIMIT, f"an entry of {length} bytes")
        entries.append(reader.take(length))
    reader.finish()
    return entries[:-1], entries[-1]
