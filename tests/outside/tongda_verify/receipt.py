"""Read and verify a receipt, as formats/checkpoint.md says (C2SP tlog-proof)."""

import json

from . import merkle
from .note import NOTE_LIMIT, Checkpoint, characters, decimal, hash_line, strict_base64
from .refusal import Refused, require
from .seal import Seal

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

    def beside(self):
        """What `extra` brings; nothing of it is believed."""
        return Beside(self.extra)

    def check_last_leaf(self, beside, chain):
        """Refuse unless the seal beside is the tree's last leaf and of its epoch; its height says who had to sign."""
        last, point = beside.seal, self.checkpoint
        require(last.index == point.size - 1, "the seal beside the receipt is not the last leaf")
        merkle.check_inclusion(last.index, point.size, last.hash, point.root, beside.seal_proof)
        chain.check_seal(last)
        return last.height


class Beside:
    """The leaf, and, in the form `receipt/v1`, the last seal with its inclusion proof; else the leaf alone."""

    def __init__(self, extra):
        self.leaf, self.seal, self.seal_proof = extra, None, None
        if extra is None or extra[:1] != b"{":
            return
        try:
            form = json.loads(extra)
            require(form["tongda"] == "receipt/v1" and len(form) == 4, "`extra` is of another form")
            self.leaf, seal = strict_base64(form["leaf"]), strict_base64(form["seal"])
            self.seal_proof = [bytes.fromhex(hash_) for hash_ in form["seal_proof"]]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f"`extra` is no form that is known: {error!r}") from None
        require(all(len(hash_) == 32 for hash_ in self.seal_proof), "a hash has 32 bytes")
        self.seal = Seal(seal)
