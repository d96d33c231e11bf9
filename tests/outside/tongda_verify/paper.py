"""Put a proof together from the texts of QR codes, as formats/paper.md says."""

from .hashes import sha256
from .refusal import require

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CODE_LIMIT, HEADER, PARTS_LIMIT, TEXT_LIMIT = 2_260, 9, 16, 1 << 16


def base45(text):
    """The bytes of a text in base45 (RFC 9285)."""
    require(all(character in ALPHABET for character in text), "a character that base45 does not have")
    require(len(text) % 3 != 1, "base45 that leaves one character over")
    data = b""
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        value = sum(ALPHABET.index(character) * 45**place for place, character in enumerate(group))
        require(value < 1 << 8 * (len(group) - 1), "characters that stand for more than their bytes hold")
        data += value.to_bytes(len(group) - 1, "big")
    return data


HEADING = "tongda certificate v1"


def lines_of(data):
    """The texts in a file, one a line, behind the heading that an attachment has. A space may end a text."""
    require(len(data) <= TEXT_LIMIT, f"{len(data)} bytes of text; the codes of a document have {TEXT_LIMIT} at most")
    require(data.isascii(), "a character that base45 does not have")
    lines = data.decode("ascii").replace("\r\n", "\n").split("\n")
    return [line for line in lines if line not in ("", HEADING)]


def join(texts):
    """The document of these texts, in any order and repeatedly."""
    require(sum(map(len, texts)) <= TEXT_LIMIT, "more text than the codes of a document have")
    document, parts, count = None, {}, None
    for place, text in enumerate(texts, 1):
        data = base45(text)
        require(data[:2] == b"TD", f"text {place} is no text of this ledger")
        require(len(data) >= HEADER, f"text {place} is cut short")
        require(data[2] == 1, f"text {place} is of another version")
        this = data[3], data[5:9]
        fits = 1 <= data[3] <= PARTS_LIMIT and 1 <= data[4] <= data[3] and len(data) <= CODE_LIMIT
        require(fits, f"text {place} has a header that no code has")
        require(document in (None, this), f"text {place} belongs to another document")
        require(parts.get(data[4], data[HEADER:]) == data[HEADER:], f"text {place} differs from one of the same part")
        document, count = this, data[3]
        parts[data[4]] = data[HEADER:]
    require(document is not None, "there is no text of a code")
    missing = [part for part in range(1, count + 1) if part not in parts]
    require(not missing, f"of {count} codes these are missing: {missing}")
    whole = b"".join(parts[part] for part in range(1, count + 1))
    require(sha256(whole)[:4] == document[1], "the parts do not make the document that they name")
    return whole
