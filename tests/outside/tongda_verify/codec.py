"""Read canonical bytes, as formats/codec.md says: every value has one encoding, and nothing else is read."""

import unicodedata

from .refusal import Refused, require


class Reader:
    """Takes fields from the front of bytes. All integers are little-endian."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def take(self, length):
        require(self.at + length <= len(self.data), f"cut short: {length} bytes are needed at {self.at}")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, width):
        return int.from_bytes(self.take(width), "little")

    def u8(self):
        return self.number(1)

    def u16(self):
        return self.number(2)

    def u32(self):
        return self.number(4)

    def u64(self):
        return self.number(8)

    def i32(self):
        return int.from_bytes(self.take(4), "little", signed=True)

    def truth(self):
        value = self.u8()
        require(value <= 1, f"{value} is no truth value")
        return value == 1

    def optional(self, read):
        return read(self) if self.truth() else None

    def list(self, most, read):
        count = self.u16()
        require(count <= most, f"{count} elements, at most {most} are allowed")
        return [read(self) for _ in range(count)]

    def bytes(self, most):
        length = self.u16()
        require(length <= most, f"{length} bytes, at most {most} are allowed")
        return self.take(length)

    def text(self, most):
        return checked_text(self.bytes(most))

    def finish(self):
        left = len(self.data) - self.at
        require(left == 0, f"{left} bytes are left over at the end")


def whole(data, read, most=65_534):
    """The one value that `data` is."""
    require(len(data) <= most, f"{len(data)} bytes, at most {most} are allowed")
    reader = Reader(data)
    value = read(reader)
    reader.finish()
    return value


# The ranges of formats/codec.md, "Text".
FORBIDDEN = [
    (0x0000, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xE000, 0xF8FF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF), (0xF0000, 0x10FFFF),
]  # fmt: skip
WHITE_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
WHITE_SPACE += "\u2028\u2029\u202f\u205f\u3000"


def checked_text(data):
    """Text for people; what is not so is refused, never repaired."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"no UTF-8: {error.reason}") from None
    require(text, "an empty text")
    for character in text:
        code = ord(character)
        forbidden = code & 0xFFFE == 0xFFFE or any(first <= code <= last for first, last in FORBIDDEN)
        require(not forbidden, f"U+{code:04X} has no place in a text")
    require(text.strip(WHITE_SPACE) == text, "a text that begins or ends with white space")
    require(unicodedata.is_normalized("NFC", text), "a text that is not in normalization form C")
    return text
