"""Compute and prove the log's tree, as formats/log-proof.md says: RFC 6962 over SHA-256."""

from .hashes import sha256
from .refusal import require

EMPTY = sha256(b"")


def leaf_hash(leaf):
    return sha256(b"\0" + leaf)


def node(left, right):
    return sha256(b"\1" + left + right)


class Frontier:
    """A tree by the roots of its perfect subtrees, the largest first: leaves are appended, the root is asked for."""

    def __init__(self, size=0, peaks=()):
        self.size, self.peaks = size, list(peaks)

    def append(self, hash_):
        self.peaks.append(hash_)
        size = self.size
        while size & 1:
            right, left = self.peaks.pop(), self.peaks.pop()
            self.peaks.append(node(left, right))
            size >>= 1
        self.size += 1

    def root(self):
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = node(left, root)
        return root


def frontier(reader):
    """A frontier on the wire: size u64, then one hash for each bit set in it."""
    size = reader.u64()
    require(size <= 1 << 62, f"a log of {size} leaves")
    return Frontier(size, [reader.take(32) for _ in range(size.bit_count())])


def root_of(hashes):
    """The root over leaf hashes."""
    tree = Frontier()
    for hash_ in hashes:
        tree.append(hash_)
    return tree.root()


def proof(reader):
    """A proof on the wire: a count, at most 64, and the hashes, the lowest first."""
    return reader.list(64, lambda reader: reader.take(32))


def check_inclusion(index, size, leaf, root, hashes):
    """Refuse unless `leaf` (a leaf hash) stands at `index` in the tree of `size` leaves with `root`."""
    require(index < size, f"index {index} lies beyond the {size} leaves of the tree")
    require(len(hashes) <= 64, "more hashes than any tree is high")
    fn, sn, computed = index, size - 1, leaf
    for hash_ in hashes:
        require(sn != 0, "the proof has more hashes than the tree is high")
        if fn & 1 or fn == sn:
            computed = node(hash_, computed)
            while fn & 1 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            computed = node(computed, hash_)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "the proof has fewer hashes than the tree is high")
    require(computed == root, "the proof leads to another root")


def check_consistency(old, new, old_root, new_root, hashes):
    """Refuse unless the tree of `new` leaves continues the tree of `old` leaves."""
    require(old <= new, "the old tree is larger than the new one")
    require(len(hashes) <= 64, "more hashes than any tree is high")
    if old == new or old == 0:
        require(not hashes, "between these trees there is nothing to prove")
        require(old_root == (new_root if old == new else EMPTY), "the roots differ")
        return
    hashes = list(hashes)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    require(hashes, "the proof is empty")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for hash_ in hashes[1:]:
        require(sn != 0, "the proof has more hashes than the tree is high")
        if fn & 1 or fn == sn:
            fr, sr = node(hash_, fr), node(hash_, sr)
            while fn & 1 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, hash_)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "the proof has fewer hashes than the tree is high")
    require(fr == old_root, "the proof leads to another old root")
    require(sr == new_root, "the proof leads to another new root")
