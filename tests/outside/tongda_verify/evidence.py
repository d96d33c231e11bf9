"""Read and judge evidence of a fork, and submissions to witnesses (formats/evidence.md, formats/checkpoint.md)."""

from . import merkle
from .note import Checkpoint, characters, decimal, hash_line
from .refusal import require

LIMIT = 270_336
SUBMISSION_LIMIT = 135_168


class Evidence:
    """Two checkpoints of one log that lie on no line; reading it checks that they do contradict each other."""

    def __init__(self, data):
        require(len(data) <= LIMIT, f"{len(data)} bytes are more than evidence has")
        head, found, rest = characters(data).partition("\n\n")
        lines = head.split("\n")
        require(found and lines[0] == "tongda/evidence/v1", "evidence begins with tongda/evidence/v1")
        self.past, hashes = None, []
        if len(lines) > 1:
            require(lines[1].startswith("past "), "the second line is `past`")
            self.past = hash_line(lines[1].removeprefix("past "))
            require(len(lines) <= 66, "more hashes than any tree is high")
            hashes = [hash_line(line) for line in lines[2:]]
        # An empty line stands inside the first checkpoint, the next one ends it.
        parts = rest.split("\n\n", 2)
        require(len(parts) == 3, "two checkpoints stand in evidence")
        self.first = Checkpoint(f"{parts[0]}\n\n{parts[1]}\n".encode())
        self.second = Checkpoint(parts[2].encode())
        self.check(hashes)

    def check(self, hashes):
        first, second = self.first, self.second
        require(first.origin == second.origin, "the checkpoints are of two logs")
        require(first.size <= second.size, "the larger checkpoint stands first")
        if first.size == second.size:
            require(self.past is None, "between trees of one size there is nothing to prove")
            require(first.root != second.root, "the checkpoints do not contradict each other")
            return
        require(self.past is not None, "no proof what the second tree was at the size of the first")
        require(self.past != first.root, "the second tree continues the first")
        merkle.check_consistency(first.size, second.size, self.past, second.root, hashes)

    def accused(self, known):
        """The places in `known` of the keys under both; refuses unless a known key stands under each."""
        under_first, under_second = (set(point.note.signers(known)) for point in (self.first, self.second))
        require(under_first and under_second, "nobody known signed one of the checkpoints")
        return sorted(under_first & under_second)


class Submission:
    """A checkpoint on its way to a witness, with the proof that it continues what the witness saw."""

    def __init__(self, data):
        require(len(data) <= SUBMISSION_LIMIT, f"{len(data)} bytes are more than a submission has")
        head, found, rest = characters(data).partition("\n\n")
        lines = head.split("\n")
        require(found and lines[0].startswith("old "), "a submission begins with the old size")
        self.old = decimal(lines[0].removeprefix("old "))
        require(len(lines) <= 64, "at most 63 hashes")
        self.hashes = [hash_line(line) for line in lines[1:]]
        self.checkpoint = Checkpoint(rest.encode())
        require(self.old <= self.checkpoint.size, "the old size is above the checkpoint's")

    def verify(self, old_root):
        """Refuse unless the checkpoint's tree continues the one of the old size with this root."""
        new = self.checkpoint
        require(new.size > 0 or new.root == merkle.EMPTY, "a tree without leaves has another root")
        merkle.check_consistency(self.old, new.size, old_root, new.root, self.hashes)
