"""Prove a value of the state, or that there is none, as formats/map.md says."""

from .hashes import domain_hash
from .refusal import require

EMPTY = bytes(32)
KEY, NOTHING, OTHER_LEAF = 0, 1, 2


def key_hash(key):
    """The hash of a state key: its type tag (two bytes, little-endian) and its id."""
    return domain_hash("map-key", key[:2], (len(key) - 2).to_bytes(2, "little"), key[2:])


def value_hash(value):
    return domain_hash("map-value", value)


def leaf(key, value):
    return domain_hash("map-leaf", key, value)


def node(left, right):
    return domain_hash("map-node", left, right)


def bit(hash_, place):
    return hash_[place // 8] >> (7 - place % 8) & 1


def root_of(leaves):
    """The root over {key hash: value hash}."""

    def subtree(items, depth):
        if not items:
            return EMPTY
        if len(items) == 1:
            return leaf(*items[0])
        sides = ([], [])
        for item in items:
            sides[bit(item[0], depth)].append(item)
        return node(*(subtree(side, depth + 1) for side in sides))

    return subtree(sorted(leaves.items()), 0)


class MapProof:
    """A proof on the wire; reading it refuses every form but the canonical one."""

    def __init__(self, reader):
        depth = reader.u16()
        require(depth <= 256, f"{depth} siblings, at most 256 are possible")
        bitmap = reader.take((depth + 7) // 8)
        present = [bit(bitmap, place) == 1 for place in range(depth)]
        behind = [bit(bitmap, place) for place in range(depth, len(bitmap) * 8)]
        require(not any(behind), "a bit is set behind the last sibling")
        require(not depth or present[-1], "the last sibling is empty")
        self.siblings = [reader.take(32) if there else EMPTY for there in present]
        require(all(s != EMPTY for s, there in zip(self.siblings, present) if there), "an empty sibling is written out")
        self.slot = reader.u8()
        require(self.slot <= OTHER_LEAF, f"slot {self.slot} is unknown")
        self.other = (reader.take(32), reader.take(32)) if self.slot == OTHER_LEAF else None

    def verify(self, root, key, value):
        """Refuse unless `key` (a key hash) has `value` (a value hash), or none (None), under `root`."""
        if self.slot == KEY:
            require(value is not None, "the proof shows a value where absence is claimed")
            computed = leaf(key, value)
        else:
            require(value is None, "the proof shows that there is no value")
            computed = EMPTY
        depth = len(self.siblings)
        if self.other:
            other = self.other[0]
            require(other != key, "the other leaf is the key's own")
            shared = all(bit(other, place) == bit(key, place) for place in range(depth))
            require(shared, "the other leaf does not stand on the key's way")
            computed = leaf(*self.other)
        for place in reversed(range(depth)):
            sibling = self.siblings[place]
            computed = node(sibling, computed) if bit(key, place) else node(computed, sibling)
        require(computed == root, "the proof leads to another state root")
