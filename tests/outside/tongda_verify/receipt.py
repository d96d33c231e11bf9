"""Read and verify a receipt, as formats/receipt.md says (C2SP tlog-proof)."""

from . import merkle
from .note import NOTE_LIMIT, Checkpoint, characters, decimal, hash_line, strict_base64
from .refusal import require

HEADER = "c2sp.org/tlog-proof@v1"
EXTRA_LIMIT = 1 << 17
LIMIT = NOTE_LIMIT + EXTRA_LIMIT // 3 * 4 + 8_192


class Receipt:
    """A leaf's place, the proof of it, and the checkpoint that it is proved in."""

    def __init__(self, data):
        require(len(data) <= LIMIT, f"{len(data)} bytes are more than a receipt has")
        lines = characters(data).split("\n")
        require(lines.pop(0) == HEADER and lines, f"a receipt begins with {HEADER}")
        self.extra = None
        if lines[0].startswith("extra "):
            self.extra = strict_base64(lines.pop(0).removeprefix("extra "))
            require(1 <= len(self.extra) <= EXTRA_LIMIT, "`extra` has no bytes, or too many")
        require(lines and lines[0].startswith("index "), "the line of the index is missing")
        self.index = decimal(lines.pop(0).removeprefix("index "))
        require("" in lines, "no empty line stands before the checkpoint")
        end = lines.index("")
        require(end <= 64, "more hashes than any tree is high")
        self.hashes = [hash_line(line) for line in lines[:end]]
        self.checkpoint = Checkpoint("\n".join(lines[end + 1 :]).encode())

    def verify(self, leaf):
        """Refuse unless the leaf with this hash stands in the checkpoint's tree. Its signatures are another matter."""
        merkle.check_inclusion(self.index, self.checkpoint.size, leaf, self.checkpoint.root, self.hashes)
