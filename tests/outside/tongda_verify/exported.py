"""Check a whole log, exported as files or served, as formats/verifying.md says.

Every leaf, seal, root, envelope, signature, commit certificate, tile and cosignature is checked from the genesis file
on. What is not done: the records are not executed, so state roots, counts of due effects and rule sets are taken from
the seals, and whether a signer's keys were its own, and the law allowed what stands there, is not judged.
"""

import collections
import pathlib
import urllib.error
import urllib.request

from . import envelope, genesis, merkle, note, seal, segment, tiles
from .epochs import Signers
from .nodes import NodesOfLog
from .refusal import Refused, require
from .validators import CommitCertificate

# No resource of a log is longer: a full bundle of certificates.
LONGEST = 256 * (4 + tiles.CERTIFICATE_LIMIT)


class Unreadable(Exception):
    """A resource could not be read at all: nothing is said about the log."""


class Source:
    """Where the log's resources are: a folder, or an address that begins with http."""

    def __init__(self, place):
        self.place = str(place).rstrip("/")
        self.is_web = self.place.startswith(("http://", "https://"))

    def read(self, path):
        try:
            if self.is_web:
                with urllib.request.urlopen(f"{self.place}/{path}", timeout=30) as answer:
                    data = answer.read(LONGEST + 1)
            else:
                data = pathlib.Path(self.place, path).read_bytes()
        except (OSError, urllib.error.URLError) as error:
            raise Unreadable(f"{path}: {error}") from None
        require(len(data) <= LONGEST, f"{path} has more bytes than any resource of a log")
        return data


def items_of(source, kind, count, split):
    """All items of the bundles of a kind, in order, with the bundle's path for messages."""
    for number, width in tiles.parts(count):
        path = tiles.path(kind, number, width)
        data = source.read(path)
        try:
            yield from split(data, width)
        except Refused as refused:
            raise Refused(f"{path}: {refused}") from None


class LogCheck:
    """The check of one log. `counts` says afterwards what was checked."""

    def __init__(self, source, founding, log_key=None):
        self.source, self.founding, self.log_key = source, founding, log_key
        self.network = founding.network
        self.counts = dict.fromkeys(
            ("leaves", "records", "signatures", "blocks", "precommits", "epochs", "tiles", "cosignatures"), 0
        )
        self.counts["epochs"] = 1
        self.nodes = NodesOfLog(founding.nodes)
        self.tree, self.ids = tiles.TileTree(), set()
        self.frontier = merkle.Frontier()
        self.parent, self.tip, self.deciding = self.network, None, None

    def run(self):
        """Refuse with the first thing that is wrong; the checked checkpoint."""
        checkpoint = note.Checkpoint(self.source.read("checkpoint"))
        require(checkpoint.origin == note.origin(self.network), "the checkpoint is of another log")
        require(checkpoint.size >= 1, "a log begins with the genesis leaf")
        leaves = items_of(self.source, "tile/entries", checkpoint.size, tiles.split_entries)
        self.check_leaves(leaves, self.certificates(checkpoint.size))
        require(self.frontier.root() == checkpoint.root, "the leaves have another root than the checkpoint")
        self.check_tiles(checkpoint.size)
        self.check_cosignatures(checkpoint)
        return checkpoint

    def check_leaves(self, leaves, certificates):
        """Check leaves, and for each seal the next commit certificate."""
        records = []
        for index, leaf in enumerate(leaves):
            try:
                require(leaf, "an empty leaf")
                kind, entry = leaf[0], leaf[1:]
                require((kind == seal.GENESIS) == (index == 0), "a genesis leaf is leaf 0 and no other")
                if kind == seal.GENESIS:
                    require(entry == self.network, "the log begins with another network")
                    self.append(leaf)
                elif kind == seal.RECORD:
                    records.append((leaf, self.read_record(entry)))
                else:
                    require(kind == seal.SEAL, f"{kind} is no type of a leaf")
                    self.check_block(records, entry, certificates)
                    records = []
            except Refused as refused:
                raise Refused(f"leaf {index}: {refused}") from None
        require(not records, f"{len(records)} records behind the last seal")
        require(next(certificates, None) is None, "a commit certificate of no block")
        self.counts["leaves"] = self.frontier.size

    def certificates(self, size):
        """The commit certificates: as many as the last leaf, a seal, says there are blocks."""
        number, width = tiles.parts(size)[-1]
        path = tiles.path("tile/entries", number, width)
        last = tiles.split_entries(self.source.read(path), width)[-1]
        if last[:1] != bytes([seal.SEAL]):
            require(size == 1, "the last leaf is no seal")
            return iter(())
        return items_of(self.source, "commits", seal.Seal(last[1:]).height, tiles.split_commits)

    def append(self, leaf):
        hash_ = merkle.leaf_hash(leaf)
        self.frontier.append(hash_)
        self.tree.append(hash_)

    def check_block(self, records, entry, certificates):
        found = seal.Seal(entry)
        first = self.frontier.size
        before = self.tip
        height = before.height + 1 if before else 1
        expected = {
            "network": self.network, "height": height, "parent": self.parent, "first": first,
            "records": len(records), "extension": bytes(32),
        }  # fmt: skip
        self.compare(found, expected)
        start = before.time if before else self.founding.start
        require(found.time > start, f"block {height} is not later than the one before")
        latest = before.checkpoint if before else self.founding.start
        require(found.checkpoint in (found.time, latest), "the seal names a checkpoint that is none")
        for place, (leaf, record) in enumerate(records):
            try:
                self.check_record(record, found.time)
            except Refused as refused:
                raise Refused(f"record at {first + place}: {refused}") from None
            self.append(leaf)
        deciding = self.nodes.set
        self.compare(found, {"log_root": self.frontier.root(), "validators": deciding.hash})
        proposer = deciding.proposer(height, found.round)
        require(found.proposer == proposer, f"block {height} was made by another than {proposer.hex()}")
        data = next(certificates, None)
        require(data is not None, f"no commit certificate for height {height}")
        certificate = CommitCertificate.decode(data)
        certificate.verify(self.network, deciding, height, found.hash)
        require(found.round <= certificate.round, "the block was made in a later round than it was decided in")
        self.append(bytes([seal.SEAL]) + entry)
        self.counts["blocks"] += 1
        self.counts["precommits"] += len(certificate.signatures)
        self.deciding = self.nodes.nodes
        self.counts["epochs"] += self.nodes.follow(found.next_validators)
        self.parent, self.tip = found.hash, found

    @staticmethod
    def compare(found, expected):
        for field, value in expected.items():
            written = getattr(found, field)
            if written != value:
                said, wanted = (v.hex() if isinstance(v, bytes) else v for v in (written, value))
                raise Refused(f"the seal of height {found.height} says {field} {said}; it is {wanted}")

    def read_record(self, data):
        record = envelope.Envelope(data)
        require(record.network == self.network, "the record is for another network")
        record.verify()
        return record

    def check_record(self, record, time):
        window = record.valid_until - record.valid_from
        require(0 <= window <= envelope.LONGEST_WINDOW, "the window is longer than 24 hours or ends before it begins")
        require(record.valid_from <= time <= record.valid_until, "the block's time is outside the record's window")
        require(record.id not in self.ids, "the record has stood in the log before")
        self.ids.add(record.id)
        self.nodes.record(record.act)
        self.counts["records"] += 1
        self.counts["signatures"] += len(record.signatures)

    def check_tiles(self, size):
        for level, hashes in enumerate(self.tree.levels):
            for number, width in tiles.parts(size >> (8 * level)):
                path = tiles.path(f"tile/{level}", number, width)
                served = self.source.read(path)
                expected = b"".join(hashes[256 * number : 256 * number + width])
                require(served == expected, f"{path} holds other hashes than the leaves make")
                self.counts["tiles"] += 1

    def check_cosignatures(self, checkpoint):
        """The checkpoint's tree ends with a seal; the set that decided this seal's block has cosigned by a quorum."""
        require(self.tip is not None, "the log has no block")
        signers = Signers(self.deciding)
        known = signers.note_keys(self.network)
        self.quorum = signers.check_note(self.network, checkpoint)
        self.counts["cosignatures"] = len(checkpoint.note.signers(known))
        if self.log_key is not None:
            require(self.log_key.name == checkpoint.origin, "the log key has another name than the log")
            require(checkpoint.note.signers([self.log_key]), "the log's own key has not signed the checkpoint")


def check(place, genesis_text=None, log_key=None):
    """Check the log at `place` under a genesis file's text; the finished `LogCheck` and its checkpoint."""
    source = Source(place)
    served = source.read("genesis")
    founding = genesis.read(genesis_text if genesis_text is not None else utf8(served))
    require(genesis.read(utf8(served)).network == founding.network, "the log serves another network's genesis file")
    log = LogCheck(source, founding, log_key)
    return log, log.run()


def check_directory(folder, genesis_text=None):
    """Check the segments of a node's directory, which has no checkpoint: the finished `LogCheck`."""
    folder = pathlib.Path(folder)
    text = genesis_text if genesis_text is not None else utf8((folder / "genesis.toml").read_bytes())
    check_ = LogCheck(None, genesis.read(text))
    certificates = collections.deque()

    def leaves():
        yield bytes([seal.GENESIS]) + check_.network
        for frame in segment.frames(folder / "segments", check_.network):
            certificates.append(frame.certificate)
            yield from (bytes([seal.RECORD]) + record for record in frame.records)
            yield bytes([seal.SEAL]) + frame.seal

    check_.check_leaves(leaves(), iter(lambda: certificates.popleft() if certificates else None, None))
    return check_


def utf8(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("a genesis file is UTF-8") from None
