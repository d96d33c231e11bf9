"""Read a node's segment files, as formats/segment.md says."""

import pathlib
import zlib

from .codec import Reader
from .refusal import Refused, require

HEADER_LENGTH, FIRST_FRAME = 68, 4_096
FRAME_LIMIT = 1 << 30


class Header:
    """The header of a segment."""

    def __init__(self, data):
        reader = Reader(data)
        require(reader.take(8) == b"TDSEGMNT", "no segment starts here")
        require(reader.u32() == 1, "a segment of another version")
        self.salt, self.network = reader.u32(), reader.take(32)
        self.height, self.index = reader.u64(), reader.u64()
        require(reader.u32() == zlib.crc32(data[:64]), "the header's checksum is wrong")


class Frame:
    """A block on disk: its records, its seal and its commit certificate, in bytes."""

    def __init__(self, data, salt):
        reader = Reader(data)
        require(reader.take(4) == b"TDBK", "no frame starts here")
        length, checksum = reader.u32(), reader.u32()
        require(length <= FRAME_LIMIT, "the frame is too long")
        body = reader.take(length)
        self.length = reader.at
        summed = salt.to_bytes(4, "little") + length.to_bytes(4, "little") + body
        require(checksum == zlib.crc32(summed), "the frame's checksum is wrong")
        inner = Reader(body)
        self.height, self.index, count = inner.u64(), inner.u64(), inner.u32()
        require(count <= length, "more records than bytes")
        require(max(self.height + 1, self.index + count + 1) < 2**64, "a height or log index beyond all numbers")
        parts = [inner.take(inner.u32()) for _ in range(count + 2)]
        inner.finish()
        self.records, self.seal, self.certificate = parts[:-2], parts[-2], parts[-1]


def frames(folder, network):
    """All frames of a folder of segments, in order; a torn tail is refused, for a verifier cuts nothing."""
    for path in sorted(pathlib.Path(folder).glob("*.seg")):
        data = path.read_bytes()
        try:
            header = Header(data[:HEADER_LENGTH])
            require(header.network == network, "the segment is of another network")
            require(path.stem == f"{header.height:020}", "the file is named by another height")
            at, expected = FIRST_FRAME, (header.height, header.index)
            while any(data[at : at + 4]):
                length = int.from_bytes(data[at + 4 : at + 8], "little")
                frame = Frame(data[at : at + 12 + length], header.salt)
                require((frame.height, frame.index) == expected, "a frame of another height or index")
                yield frame
                at, expected = at + frame.length, (frame.height + 1, frame.index + len(frame.records) + 1)
            require(not any(data[at:]), f"bytes behind the last frame, at {at}")
        except Refused as refused:
            raise Refused(f"{path.name}: {refused}") from None
