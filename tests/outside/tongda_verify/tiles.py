"""Read tiles and bundles, as formats/tiles.md says."""

import re

from . import merkle
from .codec import Reader
from .refusal import require
from .seal import LEAF_LIMIT

WIDTH = 256
CERTIFICATE_LIMIT = 131_072


def number_path(number):
    """The groups of three digits of a tile's or bundle's number."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def path(kind, number, width):
    """The path of a tile or bundle; `kind` is `tile/LEVEL`, `tile/entries` or `commits`."""
    return f"{kind}/{number_path(number)}" + ("" if width == WIDTH else f".p/{width}")


def parse_path(text):
    """(kind, number, width) of a path; every other text is refused."""
    match = re.fullmatch(
        r"(tile/(?:entries|0|[1-9][0-9]?)|commits)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", text
    )
    require(match, "no path of a tile or bundle")
    kind, groups, partial = match.groups()
    width = int(partial) if partial else WIDTH
    require(not partial or width < WIDTH, "a partial tile is 1 to 255 wide")
    number = int(groups.replace("x", "").replace("/", ""))
    require(number < 2**56, "a number that no log reaches")
    require(number_path(number) == groups, "groups of zeros in front")
    if kind not in ("tile/entries", "commits"):
        require(int(kind.removeprefix("tile/")) <= 63, "a level above 63")
    return kind, number, width


def spans(size, level):
    """(number of full tiles, width of the partial one) of a level in a tree of `size` leaves."""
    hashes = size >> (8 * level)
    return hashes // WIDTH, hashes % WIDTH


def parts(count):
    """(number, width) of the tiles or bundles that hold `count` items."""
    full, rest = divmod(count, WIDTH)
    return [(number, WIDTH) for number in range(full)] + ([(full, rest)] if rest else [])


def split_tile(data, width):
    """The hashes of a tile."""
    require(len(data) == 32 * width, f"{len(data)} bytes; a tile {width} wide has {32 * width}")
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def split_entries(data, width):
    """The leaves of a bundle; lengths are big-endian."""
    return split(data, width, 2, LEAF_LIMIT, "leaf")


def split_commits(data, width):
    """The commit certificates of a bundle, undecoded."""
    return split(data, width, 4, CERTIFICATE_LIMIT, "certificate")


def split(data, width, length_bytes, limit, what):
    reader, items = Reader(data), []
    for _ in range(width):
        length = int.from_bytes(reader.take(length_bytes), "big")
        require(length <= limit, f"a {what} of {length} bytes")
        items.append(reader.take(length))
    reader.finish()
    return items


class TileTree:
    """The tiles that leaf hashes make, computed anew to be compared with what is served."""

    def __init__(self):
        self.levels = []

    def append(self, hash_):
        for level in range(64):
            if level == len(self.levels):
                self.levels.append([])
            hashes = self.levels[level]
            hashes.append(hash_)
            if len(hashes) % WIDTH:
                return
            hash_ = merkle.root_of(hashes[-WIDTH:])
